#include "dialect/chat_tools.h"

#include "unit/dialect/chat_support.h"

namespace butter::dialect {
namespace {

using chat_test::ask;

TEST(ChatTools, FunctionsAndTheProvidersTools) {
  const auto asked = ask(chat_test::request(
      R"("tools":[{"type":"function","function":{"name":"f","parameters":{"a":1},"strict":true}},)"
      R"({"type":"web_search"}])"));
  ASSERT_EQ(asked->conversation.tools.size(), 2U);
  EXPECT_EQ(asked->conversation.tools[0].parameters.json, R"({"a":1})");
  EXPECT_EQ(asked->conversation.tools[0].strict, true);
  EXPECT_EQ(asked->conversation.tools[1].server.json, R"({"type":"web_search"})");
  EXPECT_TRUE(chat_test::uses(asked->conversation, Feature::server_tools));
}

TEST(ChatTools, Choices) {
  using Kind = ToolChoice::Kind;
  const std::pair<const char*, Kind> rows[] = {
      {R"("none")", Kind::none},
      {R"("auto")", Kind::automatic},
      {R"("required")", Kind::any},
      {R"({"type":"function","function":{"name":"f"}})", Kind::named}};
  for (const auto& [json, kind] : rows) {
    const auto asked = ask(chat_test::request(std::string("\"tool_choice\":") + json));
    EXPECT_EQ(asked->conversation.tool_choice.kind, kind) << json;
  }
  EXPECT_EQ(chat_test::complaint(chat_test::request(R"("tool_choice":"often")")),
            "tool_choice: must be none, auto, required or an object");
  EXPECT_EQ(chat_test::complaint(chat_test::request(R"("tool_choice":{"type":"function"})")),
            "tool_choice: must name a function");
}

TEST(ChatTools, ComplaintsNameThePath) {
  EXPECT_EQ(
      chat_test::complaint(chat_test::request(R"("tools":[{"type":"function","function":{}}])")),
      "tools[0].function.name: is missing");
  EXPECT_EQ(chat_test::complaint(chat_test::request(R"("tools":{})")), "tools: must be a list");
  EXPECT_EQ(chat_test::complaint(chat_test::request(R"("response_format":{"type":"xml"})")),
            "response_format.type: must be text, json_object or json_schema");
}

}  // namespace
}  // namespace butter::dialect
