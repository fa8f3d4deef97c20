#include "dialect/messages_thinking.h"

#include "unit/dialect/messages_support.h"

namespace butter::dialect {
namespace {

using messages_test::ask;
using messages_test::chat_request;
using Kind = Thinking::Kind;

Thinking think(std::string_view members, std::string_view model) {
  return thinking_for(ask(chat_request(members), kChatCaller)->conversation, model);
}

TEST(MessagesThinking, TheModelsNameSaysHowItIsAsked) {
  struct Row {
    std::string_view model;
    Kind kind;
  };
  constexpr Row kRows[] = {{"claude-3-7-sonnet-20250219", Kind::budget},
                           {"claude-3-5-haiku-20241022", Kind::budget},
                           {"claude-sonnet-4-20250514", Kind::budget},
                           {"claude-opus-4-1-20250805", Kind::budget},
                           {"claude-sonnet-4-5", Kind::budget},
                           {"us.anthropic.claude-haiku-4-5-20251001-v1:0", Kind::budget},
                           {"claude-sonnet-4.5", Kind::budget},
                           {"claude-opus-4-6", Kind::adaptive},
                           {"anthropic.claude-opus-4-6-v1", Kind::adaptive},
                           {"claude-opus-4-7", Kind::adaptive},
                           {"claude-sonnet-5", Kind::adaptive},
                           {"claude-mythos-preview", Kind::adaptive},
                           {"my-alias", Kind::adaptive}};
  for (const Row& row : kRows) {
    EXPECT_EQ(think(R"("reasoning_effort":"high")", row.model).kind, row.kind) << row.model;
  }
}

TEST(MessagesThinking, EffortIsABudgetOrAWord) {
  struct Row {
    std::string_view effort;
    std::uint64_t budget;
    std::string_view word;
  };
  constexpr Row kRows[] = {{"minimal", 1024, "low"},
                           {"low", 2048, "low"},
                           {"medium", 8192, "medium"},
                           {"high", 16384, "high"},
                           {"xhigh", 32768, "max"}};
  for (const Row& row : kRows) {
    const std::string member = R"("reasoning_effort":")" + std::string(row.effort) + '"';
    EXPECT_EQ(think(member, "claude-sonnet-4-5").budget, row.budget);
    EXPECT_EQ(think(member, "claude-opus-4-7").effort, row.word);
  }
}

TEST(MessagesThinking, ABudgetIsKeptWhereTheModelKnowsOne) {
  constexpr std::string_view kBudget = R"("thinking":{"type":"enabled","budget_tokens":5000})";
  EXPECT_EQ(think(kBudget, "claude-sonnet-4-5").budget, 5000U);
  EXPECT_EQ(think(kBudget, "claude-sonnet-4-6").kind, Kind::budget);
  EXPECT_EQ(think(kBudget, "claude-opus-4-7").kind, Kind::adaptive);
  EXPECT_EQ(think(kBudget, "claude-opus-4-7").effort, "medium");
  EXPECT_EQ(think(R"("thinking":{"budget_tokens":99999})", "claude-opus-4-7").effort, "max");
  EXPECT_EQ(think(R"("thinking":{"budget_tokens":7})", "claude-sonnet-4-5").budget, 1024U);
}

TEST(MessagesThinking, LeavesRoomForTheAnswer) {
  constexpr std::string_view kHigh = R"("reasoning_effort":"high","max_tokens":)";
  EXPECT_EQ(think(std::string(kHigh) + "8000", "claude-sonnet-4-5").budget, 6000U);
  EXPECT_EQ(think(std::string(kHigh) + "1025", "claude-sonnet-4-5").budget, 1024U);
  EXPECT_EQ(think(std::string(kHigh) + "1024", "claude-sonnet-4-5").kind, Kind::unset);
  const auto asked = ask(chat_request(R"("reasoning_effort":"high")"), kChatCaller);
  const Thinking thinking = thinking_for(asked->conversation, "claude-sonnet-4-5");
  EXPECT_EQ(max_tokens_for(asked->conversation, thinking), kDefaultMaxTokens + 16384);
  EXPECT_EQ(max_tokens_for({}, {}), kDefaultMaxTokens);
}

TEST(MessagesThinking, CanBeTurnedOffButForModelsThatAlwaysThink) {
  EXPECT_EQ(think(R"("reasoning_effort":"none")", "claude-sonnet-5").kind, Kind::disabled);
  EXPECT_EQ(think(R"("reasoning_effort":"none")", "claude-fable-5").kind, Kind::unset);
  EXPECT_EQ(think(R"("seed":1)", "claude-sonnet-5").kind, Kind::unset);
}

TEST(MessagesThinking, DoesNotGoWithAllElse) {
  constexpr std::string_view kTool = R"("tools":[{"type":"function","function":{"name":"f"}}])";
  const auto cannot = [](const std::string& body) {
    return cannot_think(ask(body, kChatCaller)->conversation);
  };
  const std::string effort = R"(,"reasoning_effort":"low"})";
  EXPECT_FALSE(cannot(chat_request(kTool)));
  EXPECT_TRUE(cannot(chat_request(std::string(kTool) + R"(,"tool_choice":"required")")));
  EXPECT_FALSE(cannot(chat_request(std::string(kTool) + R"(,"tool_choice":"auto")")));
  EXPECT_FALSE(cannot(chat_request(R"("tool_choice":"required")")));
  EXPECT_TRUE(cannot(R"({"model":"m","messages":[{"role":"assistant","content":"a"}])" + effort));
  constexpr std::string_view kLoop =
      R"("tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},)"
      R"({"role":"tool","tool_call_id":"c","content":"r"}])";
  EXPECT_TRUE(
      cannot(R"({"model":"m","messages":[{"role":"assistant",)" + std::string(kLoop) + effort));
  EXPECT_FALSE(cannot(R"({"model":"m","messages":[{"role":"assistant","thinking_blocks":)"
                      R"([{"type":"thinking","thinking":"t","signature":"s"}],)" +
                      std::string(kLoop) + effort));
}

TEST(MessagesThinking, AnthropicsOwnCallersAreTakenAtTheirWord) {
  const auto asked = ask(messages_test::request(
      R"("thinking":{"type":"adaptive"},"output_config":{"effort":"xhigh"})"));
  const Thinking thinking = thinking_for(asked->conversation, "claude-sonnet-4-5");
  EXPECT_EQ(thinking.kind, Kind::as_told);
  EXPECT_EQ(thinking.effort, "xhigh");
  EXPECT_TRUE(wants_thinking(asked->conversation));
  const auto effort = ask(messages_test::request(R"("output_config":{"effort":"low"})"));
  EXPECT_FALSE(wants_thinking(effort->conversation));
  EXPECT_EQ(thinking_for(effort->conversation, "claude-opus-4-7").kind, Kind::unset);
}

}  // namespace
}  // namespace butter::dialect
