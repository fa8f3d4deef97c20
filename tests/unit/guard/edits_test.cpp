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

TEST(Edits, OthersMayBeLaidOver) {
  Edits edits;
  edits.replace(0, 1, "X");
  edits.replace(2, 3, "Y");
  edits.replace(5, 6, "Z");
  Edits others;
  others.replace(1, 4, "-");
  others.replace(4, 5, "+");
  edits.lay_over(others);
  EXPECT_EQ(applied(edits), "X-+Z");
  edits.lay_over({});
  EXPECT_EQ(applied(edits), "X-+Z");
  Edits all;
  all.replace(0, 6, "!");
  edits.lay_over(all);
  EXPECT_EQ(applied(edits), "!");
  Edits none;
  none.lay_over(others);
  EXPECT_EQ(applied(none), "a-+f");
}

}  // namespace
}  // namespace butter::guard
