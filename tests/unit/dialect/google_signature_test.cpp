#include "dialect/google_signature.h"

#include <gtest/gtest.h>

namespace butter::dialect {
namespace {

TEST(GoogleSignature, GoesBackToGoogleOnly) {
  EXPECT_EQ(google_signature({"google.CiQB+/="}).escaped, "CiQB+/=");
  EXPECT_EQ(signature_of_others({"google.CiQB+/="}).escaped, "");
}

TEST(GoogleSignature, WhatHasNoMarkGoesToTheOthers) {
  EXPECT_EQ(google_signature({"EqQBCgIYAhIM"}).escaped, "");
  EXPECT_EQ(signature_of_others({"EqQBCgIYAhIM"}).escaped, "EqQBCgIYAhIM");
  EXPECT_EQ(google_signature({}).escaped, "");
  EXPECT_EQ(signature_of_others({}).escaped, "");
}

}  // namespace
}  // namespace butter::dialect
