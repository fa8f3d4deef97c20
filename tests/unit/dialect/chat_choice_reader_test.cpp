#include "dialect/chat_choice_reader.h"

#include "unit/dialect/chat_support.h"

namespace butter::dialect {
namespace {

using testing::HasSubstr;

std::string fold(std::initializer_list<std::string_view> choices) {
  test::FoldedAnswer sink;
  ChatChoiceReader reader(0);
  for (const std::string_view choice : choices) {
    json::Cursor at(choice);
    reader.tell(read_chat_choice(at), sink);
  }
  return sink.message();
}

TEST(ChatChoiceReader, CallsWithoutIndexOrWithTheSameOne) {
  const std::string expected = fold(
      {R"({"message":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}},)"
       R"({"id":"b","function":{"name":"g","arguments":"{\"x\":1}"}}]},"finish_reason":"tool_calls"})"});
  EXPECT_THAT(expected, HasSubstr("tool 1: b g {\\\"x\\\":1}"));
  EXPECT_EQ(expected, fold({R"({"delta":{"tool_calls":[{"id":"a","function":{"name":"f"}}]}})",
                            R"({"delta":{"tool_calls":[{"function":{"arguments":"{}"}}]}})",
                            R"({"delta":{"tool_calls":[{"id":"b","function":{"name":"g"}}]}})",
                            R"({"delta":{"tool_calls":[{"function":{"arguments":"{\"x\":1}"}}]}})",
                            R"({"delta":{},"finish_reason":"stop"})"}));
  EXPECT_EQ(
      expected,
      fold(
          {R"({"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}]}})",
           R"({"delta":{"tool_calls":[{"index":0,"id":"b","function":{"name":"g","arguments":{"x":1}}}]}})",
           R"({"delta":null,"finish_reason":"tool_use"})"}));
}

TEST(ChatChoiceReader, ASignatureEndsTheThinkingThatCame) {
  EXPECT_EQ(fold({R"({"delta":{"reasoning":"a"}})", R"({"delta":{"reasoning":"b"}})",
                  R"({"delta":{"thinking_blocks":[{"thinking":"ab","signature":"s"}]}})"}),
            fold({R"({"message":{"reasoning_content":"ab","thinking_blocks":)"
                  R"([{"type":"thinking","thinking":"ab","signature":"s"}]}})"}));
}

TEST(ChatChoiceReader, AReasonThatIsNotKnownStaysAsItIs) {
  EXPECT_THAT(fold({R"({"finish_reason":"bored"})"}), HasSubstr("bored"));
}

}  // namespace
}  // namespace butter::dialect
