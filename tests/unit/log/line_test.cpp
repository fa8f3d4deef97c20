#include "log/line.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <limits>
#include <ostream>
#include <string>

namespace butter::log {
namespace {

constexpr std::string_view kHead =
    R"({"time":"1970-01-01T00:00:00.000000000Z","level":"INFO","msg":"m")";

std::string line_of(const Field& one) {
  LineWriter writer;
  writer.begin(Level::info, "m", WallTime());
  writer.add(one);
  writer.end();
  return std::string(writer.lines());
}

struct Case {
  const char* name;
  Field field;
  std::string_view json;
  friend std::ostream& operator<<(std::ostream& os, const Case& c) { return os << c.name; }
};

using Limits64 = std::numeric_limits<std::int64_t>;
constexpr double kInfinite = std::numeric_limits<double>::infinity();

const Case kCases[] = {
    {"text", field("k", "v"), R"("k":"v")"},
    {"empty_text", field("k", ""), R"("k":"")"},
    {"text_escaped", field("k", "a\"b\n\xff"), "\"k\":\"a\\\"b\\n\xef\xbf\xbd\""},
    {"zero", field("k", 0), R"("k":0)"},
    {"negative", field("k", -17), R"("k":-17)"},
    {"least", field("k", Limits64::min()), R"("k":-9223372036854775808)"},
    {"greatest", field("k", std::numeric_limits<std::uint64_t>::max()),
     R"("k":18446744073709551615)"},
    {"small_unsigned", field("k", std::uint16_t{502}), R"("k":502)"},
    {"truth", field("k", true), R"("k":true)"},
    {"falsehood", field("k", false), R"("k":false)"},
    {"real", field("k", 0.25), R"("k":0.25)"},
    {"real_float", field("k", 0.5f), R"("k":0.5)"},
    {"real_small", field("k", -1e-300), R"("k":-1e-300)"},
    {"real_longest", field("k", std::numeric_limits<double>::lowest()),
     R"("k":-1.7976931348623157e+308)"},
    {"infinite", field("k", kInfinite), R"("k":null)"},
    {"not_a_number", field("k", std::numeric_limits<double>::quiet_NaN()), R"("k":null)"},
};

class LineField : public testing::TestWithParam<Case> {};

TEST_P(LineField, IsWritten) {
  const std::string line = line_of(GetParam().field);
  EXPECT_EQ(line, std::string(kHead) + "," + std::string(GetParam().json) + "}\n");
}

TEST_P(LineField, IsJson) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  EXPECT_EQ(parser.parse(line_of(GetParam().field)).get(object), simdjson::SUCCESS);
}

INSTANTIATE_TEST_SUITE_P(Table, LineField, testing::ValuesIn(kCases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(LineWriter, FieldsKeepTheirOrder) {
  LineWriter writer;
  writer.begin(Level::error, "upstream \"x\" failed", WallTime(std::chrono::seconds(1)));
  writer.add(field("b", 1));
  writer.add(field("a", 2));
  writer.end();
  EXPECT_EQ(writer.lines(),
            "{\"time\":\"1970-01-01T00:00:01.000000000Z\",\"level\":\"ERROR\","
            "\"msg\":\"upstream \\\"x\\\" failed\",\"b\":1,\"a\":2}\n");
}

TEST(LineWriter, LinesFollowEachOtherUntilCleared) {
  LineWriter writer;
  for (int i = 0; i < 2; ++i) {
    writer.begin(Level::info, "m", WallTime());
    writer.end();
  }
  const std::string one = std::string(kHead) + "}\n";
  EXPECT_EQ(writer.lines(), one + one);
  writer.clear();
  EXPECT_EQ(writer.lines(), "");
}

TEST(Level, Names) {
  EXPECT_EQ(to_string(Level::debug), "DEBUG");
  EXPECT_EQ(to_string(Level::info), "INFO");
  EXPECT_EQ(to_string(Level::warn), "WARN");
  EXPECT_EQ(to_string(Level::error), "ERROR");
}

}  // namespace
}  // namespace butter::log
