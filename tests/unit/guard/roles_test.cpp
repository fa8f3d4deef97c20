#include "guard/roles.h"

#include <gtest/gtest.h>

namespace butter::guard {
namespace {

TEST(Roles, AreKnownByTheNamesOfAllApis) {
  const Roles roles({"assistant"});
  for (const char* const name : {"assistant", "model", "chatbot", "CHATBOT", " Assistant "}) {
    EXPECT_TRUE(roles.include(name)) << name;
  }
  for (const char* const name : {"user", "tool", "function", "system", "developer", "Developer"}) {
    EXPECT_FALSE(roles.include(name)) << name;
  }
}

TEST(Roles, AreAskedForInAnyCaseAndByAnyName) {
  const Roles roles({" USER ", "Developer"});
  EXPECT_TRUE(roles.include("user"));
  EXPECT_TRUE(roles.include("developer"));
  EXPECT_FALSE(roles.include("system"));
  EXPECT_TRUE(Roles({"system"}).include("developer"));
}

TEST(Roles, WhatIsUnknownCountsAsAUser) {
  EXPECT_TRUE(Roles({"user"}).include("ipython"));
  EXPECT_FALSE(Roles({"tool"}).include("ipython"));
  EXPECT_TRUE(Roles({"ipython"}).include("IPython"));
}

TEST(Roles, AllAreAll) {
  const Roles roles({"user", "all"});
  for (const char* const name : {"user", "system", "tool", "assistant", "", "x"}) {
    EXPECT_TRUE(roles.include(name)) << name;
  }
}

TEST(Roles, NoneAreNone) {
  EXPECT_FALSE(Roles({}).include("user"));
}

}  // namespace
}  // namespace butter::guard
