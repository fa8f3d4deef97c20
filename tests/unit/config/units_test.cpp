#include "config/units.h"

#include "unit/config/support.h"

namespace butter::config {
namespace {

struct DurationCase {
  const char* name;
  std::string_view text;
  std::optional<Duration> expected;  ///< nullopt: refused
  friend std::ostream& operator<<(std::ostream& os, const DurationCase& c) { return os << c.name; }
};

constexpr DurationCase kDurations[] = {
    {"nanoseconds", "5ns", 5ns},
    {"microseconds", "5us", 5us},
    {"micro_sign", "5\u00b5s", 5us},
    {"greek_mu", "5\u03bcs", 5us},
    {"milliseconds", "100ms", 100ms},
    {"seconds", "30s", 30s},
    {"minutes", "2m", 2min},
    {"hours", "1h", 1h},
    {"several", "1h2m3s4ms", 1h + 2min + 3s + 4ms},
    {"fraction", "1.5h", 90min},
    {"fraction_of_seconds", "0.1s", 100ms},
    {"fraction_without_whole", ".5s", 500ms},
    {"whole_without_fraction", "1.s", 1s},
    {"zero", "0", 0s},
    {"zero_seconds", "0s", 0s},
    {"plus", "+1s", 1s},
    {"minus", "-1.5s", -1500ms},
    {"longest", "2562047h", 2562047h},
    {"empty", "", std::nullopt},
    {"sign_only", "-", std::nullopt},
    {"no_unit", "30", std::nullopt},
    {"no_unit_at_the_end", "1m30", std::nullopt},
    {"no_number", "s", std::nullopt},
    {"point_only", ".s", std::nullopt},
    {"unknown_unit", "1d", std::nullopt},
    {"upper_case_unit", "1S", std::nullopt},
    {"blank", "1 s", std::nullopt},
    {"overflow", "2562048h", std::nullopt},
    {"overflow_of_the_sum", "2562047h2562047h", std::nullopt},
    {"overflow_of_the_digits", "99999999999999999999s", std::nullopt},
};

class ParseDuration : public testing::TestWithParam<DurationCase> {};

TEST_P(ParseDuration, AsTheGoProgram) {
  const auto actual = parse_duration(GetParam().text);
  ASSERT_EQ(actual.has_value(), GetParam().expected.has_value());
  if (actual) { EXPECT_EQ(actual->count(), GetParam().expected->count()); }
}

INSTANTIATE_TEST_SUITE_P(Table, ParseDuration, testing::ValuesIn(kDurations), test::by_name);

TEST(FormatDuration, ReadsBack) {
  for (const std::string_view text :
       {"0s", "1ns", "5us", "100ms", "30s", "1m30s", "10m", "1h1ms"}) {
    EXPECT_EQ(format_duration(parse_duration(text).value()), text);
  }
}

struct SizeCase {
  const char* name;
  std::string_view text;
  std::optional<std::uint64_t> expected;
  friend std::ostream& operator<<(std::ostream& os, const SizeCase& c) { return os << c.name; }
};

constexpr SizeCase kSizes[] = {
    {"number", "65536", 65536},
    {"zero", "0", 0},
    {"bytes", "10B", 10},
    {"kibi", "64KiB", 65536},
    {"mebi_with_blank", "64 MiB", 64u << 20},
    {"gibi_fraction", "1.5GiB", 3u << 29},
    {"kilo", "1KB", 1000},
    {"mega", "2MB", 2'000'000},
    {"giga", "1GB", 1'000'000'000},
    {"other_case", "1mib", std::nullopt},
    {"negative", "-1", std::nullopt},
    {"empty", "", std::nullopt},
    {"unit_only", "KiB", std::nullopt},
    {"unknown_unit", "1TiB", std::nullopt},
    {"overflow", "99999999999GiB", std::nullopt},
};

class ParseSize : public testing::TestWithParam<SizeCase> {};

TEST_P(ParseSize, Parses) {
  const auto actual = parse_size(GetParam().text);
  ASSERT_EQ(actual.has_value(), GetParam().expected.has_value());
  if (actual) { EXPECT_EQ(*actual, *GetParam().expected); }
}

INSTANTIATE_TEST_SUITE_P(Table, ParseSize, testing::ValuesIn(kSizes), test::by_name);

TEST(FormatSize, ReadsBack) {
  for (const std::string_view text : {"0", "1", "1000", "64KiB", "64MiB", "3GiB", "1025"}) {
    EXPECT_EQ(format_size(parse_size(text).value()), text);
  }
}

}  // namespace
}  // namespace butter::config
