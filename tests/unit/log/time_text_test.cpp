#include "log/time_text.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace butter::log {
namespace {

struct Case {
  const char* name;
  std::int64_t ns;  ///< since 1970
  std::string_view text;
  friend std::ostream& operator<<(std::ostream& os, const Case& c) { return os << c.name; }
};

constexpr Case kCases[] = {
    {"epoch", 0, "1970-01-01T00:00:00.000000000Z"},
    {"one_nanosecond", 1, "1970-01-01T00:00:00.000000001Z"},
    {"last_of_a_second", 999'999'999, "1970-01-01T00:00:00.999999999Z"},
    {"zeros_are_kept", 1'795'452'487'512'000'000, "2026-11-23T16:48:07.512000000Z"},
    {"leap_day", 1'709'251'199'000'000'000, "2024-02-29T23:59:59.000000000Z"},
    {"end_of_a_year", 1'767'225'599'123'456'789, "2025-12-31T23:59:59.123456789Z"},
    {"beyond_32_bits", 4'102'444'800'000'000'000, "2100-01-01T00:00:00.000000000Z"},
};

std::string text_of(TimeText& time_text, std::int64_t ns) {
  Buffer out;
  time_text.append(out, WallTime(std::chrono::nanoseconds(ns)));
  return std::string(out.view());
}

class TimeTextTable : public testing::TestWithParam<Case> {};

TEST_P(TimeTextTable, Writes) {
  TimeText time_text;
  EXPECT_EQ(text_of(time_text, GetParam().ns), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(Table, TimeTextTable, testing::ValuesIn(kCases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(TimeText, OneWriterForAllTimesInAnyOrder) {
  TimeText time_text;
  for (int round = 0; round < 2; ++round) {
    for (const Case& c : kCases) { EXPECT_EQ(text_of(time_text, c.ns), c.text); }
  }
}

TEST(TimeText, AppendsToWhatIsThere) {
  TimeText time_text;
  Buffer out;
  out.append("at ");
  time_text.append(out, WallTime());
  EXPECT_EQ(out.view(), "at 1970-01-01T00:00:00.000000000Z");
}

}  // namespace
}  // namespace butter::log
