#include "metrics/text.h"

#include <gtest/gtest.h>

#include <limits>
#include <ostream>
#include <string>
#include <vector>

namespace butter::metrics {
namespace {

TEST(TextWriter, Family) {
  TextWriter writer;
  writer.family("butter_requests_total", "Requests\nby \\ \"model\"", "counter");
  EXPECT_EQ(writer.take(),
            "# HELP butter_requests_total Requests\\nby \\\\ \"model\"\n"
            "# TYPE butter_requests_total counter\n");
}

TEST(TextWriter, SamplesWithAndWithoutLabels) {
  TextWriter writer;
  const std::vector<Label> labels = {{"provider", "groq"}, {"status", "200"}};
  writer.sample("a", {}, std::uint64_t{7});
  writer.sample("b", labels, std::uint64_t{18'446'744'073'709'551'615u});
  writer.sample("c", std::vector<Label>{{"k", ""}}, 0.5);
  EXPECT_EQ(writer.take(),
            "a 7\n"
            "b{provider=\"groq\",status=\"200\"} 18446744073709551615\n"
            "c{k=\"\"} 0.5\n");
}

TEST(TextWriter, LabelValuesAreEscaped) {
  TextWriter writer;
  writer.sample("a", std::vector<Label>{{"k", "x\\y\"z\n\xc3\xa4{,}"}}, std::uint64_t{1});
  EXPECT_EQ(writer.take(), "a{k=\"x\\\\y\\\"z\\n\xc3\xa4{,}\"} 1\n");
}

struct NumberCase {
  const char* name;
  double value;
  std::string_view text;
  friend std::ostream& operator<<(std::ostream& os, const NumberCase& c) { return os << c.name; }
};

using Limits = std::numeric_limits<double>;

constexpr NumberCase kNumbers[] = {
    {"zero", 0, "0"},
    {"one", 1, "1"},
    {"negative", -12, "-12"},
    {"hundred_thousand", 100000, "100000"},
    {"unix_time", 1'795'452'487, "1795452487"},
    {"fraction", 0.005, "0.005"},
    {"shortest", 0.1, "0.1"},
    {"all_digits", 0.1 + 0.2, "0.30000000000000004"},
    {"small", 1e-9, "1e-09"},
    {"large", 1e300, "1e+300"},
    {"infinite", Limits::infinity(), "+Inf"},
    {"negative_infinite", -Limits::infinity(), "-Inf"},
    {"not_a_number", Limits::quiet_NaN(), "NaN"},
};

class Number : public testing::TestWithParam<NumberCase> {};

TEST_P(Number, IsWritten) {
  TextWriter writer;
  writer.sample("n", {}, GetParam().value);
  EXPECT_EQ(writer.take(), "n " + std::string(GetParam().text) + "\n");
}

INSTANTIATE_TEST_SUITE_P(Table, Number, testing::ValuesIn(kNumbers),
                         [](const auto& row) { return std::string(row.param.name); });

constexpr double kBounds[] = {0.005, 1, 2.5};
constexpr std::uint64_t kBuckets[] = {2, 0, 3, 1};

TEST(TextWriter, HistogramCountsUp) {
  TextWriter writer;
  writer.histogram("h", {}, {.bounds = kBounds, .buckets = kBuckets, .sum_ns = 7'250'000'000});
  EXPECT_EQ(writer.take(),
            "h_bucket{le=\"0.005\"} 2\n"
            "h_bucket{le=\"1\"} 2\n"
            "h_bucket{le=\"2.5\"} 5\n"
            "h_bucket{le=\"+Inf\"} 6\n"
            "h_sum 7.25\n"
            "h_count 6\n");
}

TEST(TextWriter, HistogramWithLabels) {
  TextWriter writer;
  const std::vector<Label> labels = {{"provider", "groq"}};
  writer.histogram("h", labels,
                   {.bounds = {kBounds, 1}, .buckets = {kBuckets, 2}, .sum_ns = 1'000'000});
  EXPECT_EQ(writer.take(),
            "h_bucket{provider=\"groq\",le=\"0.005\"} 2\n"
            "h_bucket{provider=\"groq\",le=\"+Inf\"} 2\n"
            "h_sum{provider=\"groq\"} 0.001\n"
            "h_count{provider=\"groq\"} 2\n");
}

TEST(TextWriter, TakeLeavesItEmpty) {
  TextWriter writer;
  writer.sample("a", {}, std::uint64_t{1});
  EXPECT_FALSE(writer.take().empty());
  EXPECT_TRUE(writer.take().empty());
}

TEST(ContentType, IsTheTextFormatsVersion) {
  EXPECT_TRUE(kContentType.starts_with("text/plain; version=0.0.4"));
}

}  // namespace
}  // namespace butter::metrics
