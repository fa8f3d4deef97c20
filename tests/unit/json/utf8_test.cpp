#include "json/utf8.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace butter::json {
namespace {

struct Case {
  const char* name;
  std::string_view text;
  std::size_t size;  ///< of the first character; 0: malformed
  friend std::ostream& operator<<(std::ostream& os, const Case& c) { return os << c.name; }
};

constexpr Case kCases[] = {
    {"ascii", "a", 1},
    {"nul", std::string_view("\0", 1), 1},
    {"del", "\x7f", 1},
    {"two_least", "\xc2\x80", 2},
    {"two_greatest", "\xdf\xbf", 2},
    {"three_least", "\xe0\xa0\x80", 3},
    {"before_surrogates", "\xed\x9f\xbf", 3},
    {"after_surrogates", "\xee\x80\x80", 3},
    {"three_greatest", "\xef\xbf\xbf", 3},
    {"four_least", "\xf0\x90\x80\x80", 4},
    {"four_greatest", "\xf4\x8f\xbf\xbf", 4},
    {"more_behind", "\xc3\xa4xyz", 2},
    {"stray_continuation", "\x80", 0},
    {"overlong_two", "\xc0\xaf", 0},
    {"overlong_two_c1", "\xc1\xbf", 0},
    {"overlong_three", "\xe0\x9f\xbf", 0},
    {"overlong_four", "\xf0\x8f\xbf\xbf", 0},
    {"high_surrogate", "\xed\xa0\x80", 0},
    {"low_surrogate", "\xed\xbf\xbf", 0},
    {"beyond_unicode", "\xf4\x90\x80\x80", 0},
    {"lead_f5", "\xf5\x80\x80\x80", 0},
    {"lead_ff", "\xff", 0},
    {"cut_two", "\xc3", 0},
    {"cut_three", "\xe2\x82", 0},
    {"cut_four", "\xf0\x9f\x98", 0},
    {"bad_second", "\xc3\x28", 0},
    {"bad_third", "\xe2\x82\x28", 0},
    {"bad_fourth", "\xf0\x9f\x98\xc0", 0},
};

class Utf8 : public testing::TestWithParam<Case> {};

TEST_P(Utf8, MeasuresTheFirstCharacter) {
  EXPECT_EQ(utf8_size(GetParam().text), GetParam().size);
}

TEST_P(Utf8, FindsTheFault) {
  const std::string text = "\xc3\xa4" + std::string(GetParam().text);
  if (GetParam().size == 0) {
    EXPECT_EQ(utf8_fault(text), 2u);
  } else {
    EXPECT_EQ(utf8_fault(text), text.size());
  }
}

INSTANTIATE_TEST_SUITE_P(Table, Utf8, testing::ValuesIn(kCases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Utf8Fault, EmptyTextHasNone) {
  EXPECT_EQ(utf8_fault(""), 0u);
}

}  // namespace
}  // namespace butter::json
