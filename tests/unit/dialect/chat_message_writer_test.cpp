#include "dialect/chat_message_writer.h"

#include "unit/dialect/chat_support.h"

namespace butter::dialect {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ChatMessageWriter, ThinkingGoesToCompatibleVendorsOnly) {
  const std::string body = chat_test::with_messages(
      R"({"role":"assistant","content":"x","thinking_blocks":[{"type":"thinking","thinking":"t","signature":"s"}]})");
  EXPECT_THAT(chat_test::rewritten(body), Not(HasSubstr("thinking")));
  EXPECT_THAT(chat_test::rewritten(body, {.model = "m", .max_completion_tokens = false}),
              HasSubstr(R"("reasoning_content":"t","thinking_blocks":[{"type":"thinking",)"
                        R"("thinking":"t","signature":"s"}])"));
}

TEST(ChatMessageWriter, ResultsComeBeforeTheRestOfTheirTurn) {
  Conversation conversation;
  conversation.turns.push_back(
      {.role = Role::user,
       .parts = {{.text = {"and"}},
                 {.kind = Part::Kind::tool_result, .id = {"c"}, .content = {{.text = {"1"}}}}}});
  Buffer out;
  ASSERT_TRUE(kChatProvider.write_request(conversation, {.model = "m"}, out));
  EXPECT_THAT(std::string(out.view()),
              HasSubstr(R"([{"role":"tool","tool_call_id":"c","content":"1"},)"
                        R"({"role":"user","content":"and"}])"));
}

TEST(ChatMessageWriter, ContentIsNullWhereOnlyCallsAre) {
  EXPECT_THAT(
      chat_test::rewritten(chat_test::with_messages(
          R"({"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":""}}]},)"
          R"({"role":"tool","tool_call_id":"c","content":""})")),
      HasSubstr(R"("content":null,"tool_calls":[{"id":"c","type":"function",)"
                R"("function":{"name":"f","arguments":"{}"}}])"));
}

}  // namespace
}  // namespace butter::dialect
