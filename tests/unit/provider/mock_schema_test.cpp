#include "provider/mock_schema.h"

#include <gtest/gtest.h>

#include <string>

namespace butter::provider::mock {
namespace {

std::string sample(std::string_view schema) {
  simdjson::dom::parser parser;
  std::string out;
  append_sample(out, parser.parse(simdjson::padded_string(schema)).value());
  return out;
}

TEST(MockSchema, Samples) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {R"({"type":"string"})", R"("text")"},
      {R"({"type":"integer"})", "0"},
      {R"({"type":"number"})", "0"},
      {R"({"type":"boolean"})", "false"},
      {R"({"type":"null"})", "null"},
      {R"({"type":"array","items":{"type":"string"}})", "[]"},
      {R"({"type":"object"})", "{}"},
      {R"({"type":["string","null"]})", R"("text")"},
      {R"({"enum":["red","blue"]})", R"("red")"},
      {R"({"const":{"a":1}})", R"({"a":1})"},
      {R"({"anyOf":[{"type":"integer"},{"type":"null"}]})", "0"},
      {R"({"properties":{"a":{"type":"string"},"b\"":{"type":"object","properties":{"c":{"type":"number"}}}}})",
       R"({"a":"text","b\"":{"c":0}})"},
      {R"({"$ref":"#/$defs/x"})", "null"},
      {R"(true)", "null"},
      {R"({})", "null"},
  };
  for (const auto& [schema, expected] : cases) { EXPECT_EQ(sample(schema), expected) << schema; }
}

TEST(MockSchema, DeepNestingEnds) {
  std::string schema = R"({"type":"string"})";
  for (int i = 0; i < 100; ++i) { schema = R"({"properties":{"a":)" + schema + "}}"; }
  const std::string out = sample(schema);
  EXPECT_LT(out.size(), 100U);
  EXPECT_NE(out.find("null"), std::string::npos);
}

}  // namespace
}  // namespace butter::provider::mock
