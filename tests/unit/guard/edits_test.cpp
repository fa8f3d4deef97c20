#include "guard/edits.h"

#include <gtest/gtest.h>

#include <string>

#include "base/buffer.h"

namespace butter::guard {
namespace {

std::string applied(const Edits& edits) {
  std::string out;
  edits.apply("abcdef", out);
  return out;
}

TEST(Edits, AreAppliedInTheirOrder) {
  Edits edits;
  EXPECT_TRUE(edits.empty());
  EXPECT_EQ(applied(edits), "abcdef");
  edits.replace(0, 1, "X");
  edits.replace(2, 2, "+");
  edits.replace(4, 6, "");
  EXPECT_FALSE(edits.empty());
  EXPECT_EQ(applied(edits), "Xb+cd");
}

TEST(Edits, GoToABufferToo) {
  Edits edits;
  edits.replace(1, 2, "-");
  Buffer out;
  edits.apply("abc", out);
  EXPECT_EQ(out.view(), "a-c");
}

TEST(Edits, OneMayStandForAllInAPlace) {
  Edits edits;
  edits.replace(0, 1, "X");
  edits.replace(2, 3, "Y");
  edits.replace(5, 6, "Z");
  edits.replace_all_in(1, 4, "-");
  EXPECT_EQ(applied(edits), "X-eZ");
  edits.replace_all_in(4, 5, "+");
  EXPECT_EQ(applied(edits), "X-+Z");
}

}  // namespace
}  // namespace butter::guard
