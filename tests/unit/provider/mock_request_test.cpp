#include "provider/mock_request.h"

#include <gtest/gtest.h>

#include <ostream>

#include "unit/provider/names.h"

namespace butter::provider::mock {
namespace {

Request read(std::string_view body) {
  return read_request("/x", body, "m", 1);
}

struct TextCase {
  const char* name;
  std::string_view body;
  std::string_view text;
  friend std::ostream& operator<<(std::ostream& os, const TextCase& c) { return os << c.name; }
};

constexpr TextCase kTexts[] = {
    {"chat", R"({"messages":[{"role":"user","content":"Hi"}]})", "Hi"},
    {"the_last_of_the_user",
     R"({"messages":[{"role":"user","content":"a"},{"role":"user","content":"b"},{"role":"assistant","content":"c"}]})",
     "b"},
    {"parts",
     R"({"messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url"},{"type":"text","text":"b"}]}]})",
     "a b"},
    {"prompt", R"({"prompt":"Once"})", "Once"},
    {"prompts", R"({"prompt":["one","two"]})", "one"},
    {"input", R"({"input":"Hi"})", "Hi"},
    {"input_items", R"({"input":[{"role":"user","content":[{"type":"input_text","text":"Hi"}]}]})",
     "Hi"},
    {"escapes", R"({"prompt":"a\n\u00e4"})", "a\n\xc3\xa4"},
    {"nobody", R"({"messages":[{"role":"system","content":"x"}]})", ""},
    {"wrong_types", R"({"messages":[{"role":1,"content":2},"x"]})", ""},
    {"not_json", "nonsense", ""},
};

class MockRequestText : public testing::TestWithParam<TextCase> {};

TEST_P(MockRequestText, Is) {
  EXPECT_EQ(read(GetParam().body).text, GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(Table, MockRequestText, testing::ValuesIn(kTexts), test::name_of);

TEST(MockRequest, LongTextIsCutBetweenCharacters) {
  std::string long_text = "x";
  for (int i = 0; i < 3000; ++i) { long_text += "\xc3\xa4"; }
  const Request request = read(R"({"prompt":")" + long_text + R"("})");
  EXPECT_EQ(request.text, long_text.substr(0, 4095) + "...");
}

TEST(MockRequest, Inputs) {
  using Texts = std::vector<std::string>;
  EXPECT_EQ(read(R"({"input":"a"})").inputs, Texts({"a"}));
  EXPECT_EQ(read(R"({"input":["a","b"]})").inputs, Texts({"a", "b"}));
  EXPECT_EQ(read(R"({"input":[1, 2]})").inputs, Texts({"[1,2]"}));
  EXPECT_EQ(read(R"({"input":[[1],[2]]})").inputs, Texts({"[1]", "[2]"}));
  EXPECT_EQ(read(R"({"input":[]})").inputs, Texts());
  EXPECT_EQ(read(R"({"input":7})").inputs, Texts());
}

TEST(MockRequest, Options) {
  const Request request = read(
      R"({"stream_options":{"include_usage":true},"encoding_format":"base64","dimensions":8,"n":99,"response_format":"url"})");
  EXPECT_TRUE(request.include_usage);
  EXPECT_TRUE(request.base64);
  EXPECT_TRUE(request.as_url);
  EXPECT_EQ(request.dimensions, 8U);
  EXPECT_EQ(request.n, 16U);
  const Request none = read(R"({"n":0})");
  EXPECT_FALSE(none.include_usage);
  EXPECT_FALSE(none.base64);
  EXPECT_FALSE(none.as_url);
  EXPECT_EQ(none.n, 1U);
}

struct ToolCase {
  const char* name;
  std::string_view body;
  std::string_view tool;
  std::string_view arguments;
  friend std::ostream& operator<<(std::ostream& os, const ToolCase& c) { return os << c.name; }
};

constexpr ToolCase kTools[] = {
    {"required_takes_the_first",
     R"({"tools":[{"type":"function","function":{"name":"a"}},{"type":"function","function":{"name":"b"}}],"tool_choice":"required"})",
     "a", "{}"},
    {"named_in_chat",
     R"({"tools":[{"function":{"name":"a"}},{"function":{"name":"b","parameters":{"type":"object","properties":{"x":{"type":"integer"}}}}}],"tool_choice":{"type":"function","function":{"name":"b"}}})",
     "b", R"({"x":0})"},
    {"named_in_responses",
     R"({"tools":[{"type":"function","name":"a","parameters":{}}],"tool_choice":{"type":"function","name":"a"}})",
     "a", "{}"},
    {"auto_calls_none", R"({"tools":[{"function":{"name":"a"}}],"tool_choice":"auto"})", "", ""},
    {"no_choice", R"({"tools":[{"function":{"name":"a"}}]})", "", ""},
    {"no_tools", R"({"tool_choice":"required"})", "", ""},
    {"unknown_name",
     R"({"tools":[{"function":{"name":"a"}}],"tool_choice":{"function":{"name":"b"}}})", "", ""},
};

class MockRequestTool : public testing::TestWithParam<ToolCase> {};

TEST_P(MockRequestTool, Is) {
  const Request request = read(GetParam().body);
  EXPECT_EQ(request.forced_tool, GetParam().tool);
  EXPECT_EQ(request.forced_arguments, GetParam().arguments);
}

INSTANTIATE_TEST_SUITE_P(Table, MockRequestTool, testing::ValuesIn(kTools), test::name_of);

TEST(MockRequest, Formats) {
  EXPECT_EQ(read(R"({"response_format":{"type":"text"}})").wanted_json, "");
  EXPECT_TRUE(read(R"({"response_format":{"type":"json_object"}})").wanted_json.starts_with('{'));
  EXPECT_EQ(
      read(
          R"({"response_format":{"type":"json_schema","json_schema":{"schema":{"properties":{"a":{"type":"boolean"}}}}}})")
          .wanted_json,
      R"({"a":false})");
  EXPECT_EQ(
      read(R"({"text":{"format":{"type":"json_schema","schema":{"type":"array"}}}})").wanted_json,
      "[]");
}

TEST(MockRequest, IdsDifferByBodyAndTime) {
  const std::string id = read_request("/x", "{}", "m", 1).id;
  EXPECT_EQ(id.size(), 16U);
  EXPECT_EQ(read_request("/x", "{}", "m", 1).id, id);
  EXPECT_NE(read_request("/x", "{}", "m", 2).id, id);
  EXPECT_NE(read_request("/x", "{ }", "m", 1).id, id);
}

}  // namespace
}  // namespace butter::provider::mock
