#include "routing/retry_after.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "unit/routing/setup.h"

namespace butter::routing {
namespace {

struct Case {
  const char* name;
  std::string_view text;
  std::optional<Duration> expected;
  friend std::ostream& operator<<(std::ostream& os, const Case& c) { return os << c.name; }
};

constexpr Duration kYear = 365 * 24h;

// 1994-11-06 08:49:37, the example of RFC 9110, less 30 s.
const WallTime kNow = WallTime(784111777s - 30s);

constexpr Case kCases[] = {
    {"zero", "0", 0s},
    {"plain", "17", 17s},
    {"fraction", "0.25", 250ms},
    {"blanks_around", " 3\t", 3s},
    {"a_year_at_most", "99999999999", kYear},
    {"beyond_any_number",
     std::string_view("99999999999999999999999999999999999999999999999999999"
                      "99999999999999999999999999999999999999999999999999999"),
     kYear},
    {"imf_fixdate", "Sun, 06 Nov 1994 08:49:37 GMT", 30s},
    {"rfc_850", "Sunday, 06-Nov-94 08:49:37 GMT", 30s},
    {"asctime", "Sun Nov  6 08:49:37 1994", 30s},
    {"rfc_850_of_the_past_century", "Sunday, 06-Nov-55 08:49:37 GMT", 0s},
    {"past", "Sun, 06 Nov 1994 08:49:00 GMT", 0s},
    {"long_past", "Mon, 01 Jan 0001 00:00:00 GMT", 0s},
    {"far_future", "Fri, 31 Dec 9999 23:59:59 GMT", kYear},
    {"leap_second", "Sun, 06 Nov 1994 08:49:60 GMT", 53s},
    {"empty", "", std::nullopt},
    {"negative", "-1", std::nullopt},
    {"sign", "+1", std::nullopt},
    {"trailing_text", "5s", std::nullopt},
    {"two_numbers", "5, 6", std::nullopt},
    {"infinity", "inf", std::nullopt},
    {"not_a_number", "nan", std::nullopt},
    {"exponent", "1e3", std::nullopt},
    {"hexadecimal", "0x10", std::nullopt},
    {"other_zone", "Sun, 06 Nov 1994 08:49:37 CET", std::nullopt},
    {"no_such_month", "Sun, 06 Foo 1994 08:49:37 GMT", std::nullopt},
    {"half_of_two_months", "Sun, 06 anF 1994 08:49:37 GMT", std::nullopt},
    {"no_such_day", "Sun, 31 Feb 1994 08:49:37 GMT", std::nullopt},
    {"no_such_hour", "Sun, 06 Nov 1994 24:49:37 GMT", std::nullopt},
    {"cut_short", "Sun, 06 Nov 1994 08:4", std::nullopt},
    {"text_after", "Sun, 06 Nov 1994 08:49:37 GMT!", std::nullopt},
    {"word", "soon", std::nullopt},
};

class RetryAfter : public testing::TestWithParam<Case> {};

TEST_P(RetryAfter, Parses) {
  EXPECT_EQ(parse_retry_after(GetParam().text, kNow), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Table, RetryAfter, testing::ValuesIn(kCases), test::name_of);

constexpr Case kMillisecondCases[] = {
    {"plain", "1500", 1500ms},
    {"fraction", "0.5", 500us},
    {"zero", "0", 0ms},
    {"a_year_at_most", "99999999999999", kYear},
    {"empty", "", std::nullopt},
    {"negative", "-5", std::nullopt},
    {"unit", "5ms", std::nullopt},
    {"date", "Sun, 06 Nov 1994 08:49:37 GMT", std::nullopt},
};

class RetryAfterMs : public testing::TestWithParam<Case> {};

TEST_P(RetryAfterMs, Parses) {
  EXPECT_EQ(parse_retry_after_ms(GetParam().text), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Table, RetryAfterMs, testing::ValuesIn(kMillisecondCases), test::name_of);

}  // namespace
}  // namespace butter::routing
