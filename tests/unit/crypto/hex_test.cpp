#include "crypto/hex.h"

#include <gtest/gtest.h>

namespace butter::crypto {
namespace {

TEST(Hex, LowerCaseDigits) {
  EXPECT_EQ(hex(""), "");
  EXPECT_EQ(hex(std::string_view("\x00\x0f\xa5\xff", 4)), "000fa5ff");
}

}  // namespace
}  // namespace butter::crypto
