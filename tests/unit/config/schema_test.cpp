#include "unit/config/support.h"

namespace butter::config {
namespace {

using testing::HasSubstr;

TEST(Schema, IsTheFileOfTheDocuments) {
  test::expect_golden("docs/config.schema.json", json_schema());
}

TEST(Schema, NamesItsDialect) {
  EXPECT_THAT(json_schema(),
              HasSubstr("\"$schema\": \"https://json-schema.org/draft/2020-12/schema\""));
}

TEST(Schema, BracketsMatch) {
  std::string open;
  bool in_string = false;
  const std::string schema = json_schema();
  for (std::size_t i = 0; i < schema.size(); ++i) {
    const char c = schema[i];
    if (in_string && c == '\\') {
      ++i;
    } else if (c == '"') {
      in_string = !in_string;
    } else if (!in_string && (c == '{' || c == '[')) {
      open += c == '{' ? '}' : ']';
    } else if (!in_string && (c == '}' || c == ']')) {
      ASSERT_TRUE(open.ends_with(c)) << i;
      open.pop_back();
    }
  }
  EXPECT_EQ(open, "");
  EXPECT_FALSE(in_string);
}

TEST(Schema, TypesRangesAndDefaults) {
  const std::string schema = json_schema();
  EXPECT_THAT(schema, HasSubstr("\"maximum\": 10,\n"));
  EXPECT_THAT(schema, HasSubstr("\"default\": \":8080\""));
  EXPECT_THAT(schema, HasSubstr("\"default\": \"100ms\""));
  EXPECT_THAT(schema, HasSubstr("\"default\": false"));
  EXPECT_THAT(schema, HasSubstr("\"default\": [429, 500, 502, 503, 504]"));
  EXPECT_THAT(schema, HasSubstr("\"default\": [\"user\", \"assistant\", \"tool\"]"));
  EXPECT_THAT(schema, HasSubstr("\"enum\": [\"stored\", \"passthrough\"]"));
}

TEST(Schema, EveryMappingIsClosed) {
  const std::string schema = json_schema();
  const auto count = [&schema](std::string_view what) {
    std::size_t n = 0;
    for (std::size_t at = 0; (at = schema.find(what, at)) != std::string::npos; ++at) { ++n; }
    return n;
  };
  EXPECT_GT(count("\"properties\": {"), 15u);
  EXPECT_EQ(count("\"properties\": {"), count("\"additionalProperties\": false"));
}

}  // namespace
}  // namespace butter::config
