#include "dialect/chat_message_reader.h"

#include "unit/dialect/chat_support.h"

namespace butter::dialect {
namespace {

using chat_test::ask;

TEST(ChatMessageReader, RolesBecomeTurnsAndSystem) {
  const auto asked = ask(chat_test::with_messages(
      R"({"role":"system","content":"s"},{"content":"d","role":"developer"},)"
      R"({"role":"user","content":"u","name":"joe"},{"role":"assistant","content":"a"})"));
  const Conversation& conversation = asked->conversation;
  ASSERT_EQ(conversation.system.size(), 2U);
  EXPECT_EQ(conversation.system[1].text.escaped, "d");
  ASSERT_EQ(conversation.turns.size(), 2U);
  EXPECT_EQ(conversation.turns[0].name.escaped, "joe");
  EXPECT_EQ(conversation.turns[1].role, Role::assistant);
  EXPECT_TRUE(chat_test::uses(conversation, Feature::prefill));
}

TEST(ChatMessageReader, ATurnIsThinkingThenTextThenCalls) {
  const auto asked = ask(chat_test::with_messages(
      R"({"role":"assistant","tool_calls":[{"id":"c","type":"function","function":)"
      R"({"name":"f","arguments":"{\"a\":\"\\u00e9\"}"}}],"content":"x","reasoning_content":"r",)"
      R"("thinking_blocks":[{"type":"thinking","thinking":"t","signature":"s"},)"
      R"({"type":"redacted_thinking","data":"d"}]},{"role":"tool","tool_call_id":"c","content":"1"})"));
  const auto& parts = asked->conversation.turns[0].parts;
  ASSERT_EQ(parts.size(), 4U);
  EXPECT_EQ(parts[0].signature.escaped, "s");
  EXPECT_EQ(parts[1].kind, Part::Kind::redacted_thinking);
  EXPECT_EQ(parts[1].signature.escaped, "d");
  EXPECT_EQ(parts[2].text.escaped, "x");
  EXPECT_EQ(parts[3].arguments.json, R"({"a":"\u00e9"})");
  EXPECT_EQ(asked->conversation.turns[1].parts[0].id.escaped, "c");
}

TEST(ChatMessageReader, TheOldFunctionCallHasItsNameAsId) {
  const auto asked = ask(chat_test::with_messages(
      R"({"role":"assistant","function_call":{"name":"f","arguments":"{}"}},)"
      R"({"role":"function","name":"f","content":"1"})"));
  EXPECT_EQ(asked->conversation.turns[0].parts[0].id, asked->conversation.turns[1].parts[0].id);
}

TEST(ChatMessageReader, ComplaintsNameThePath) {
  const std::pair<const char*, const char*> rows[] = {
      {"", "messages: must not be empty"},
      {R"({"content":"x"})", "messages[0].role: is missing"},
      {R"({"role":"king"})", "messages[0].role: \"king\" is no role"},
      {R"({"role":"tool","content":"x"})", "messages[0].tool_call_id: is missing"},
      {R"({"role":"system","content":[{"type":"file","file":{"file_id":"f"}}]})",
       "messages[0].content: must be text"},
      {R"({"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":"[1"}}]})",
       "messages[0].tool_calls[0].function.arguments: must be a JSON object in a string"}};
  for (const auto& [messages, complaint] : rows) {
    EXPECT_EQ(chat_test::complaint(chat_test::with_messages(messages)), complaint);
  }
}

}  // namespace
}  // namespace butter::dialect
