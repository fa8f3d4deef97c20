#include "dialect/messages_request_writer.h"

#include "unit/dialect/messages_support.h"

namespace butter::dialect {
namespace {

using messages_test::ask;
using messages_test::chat_request;
using messages_test::loses;
using messages_test::rewritten;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kTool =
    R"("tools":[{"type":"function","function":{"name":"f","description":"d"}}])";

std::string from_chat(std::string_view members, const Target& target = {.model = "claude-x"}) {
  return rewritten(chat_request(members), kChatCaller, target);
}

bool chat_loses(std::string_view members, Feature feature) {
  return loses(ask(chat_request(members), kChatCaller)->conversation, feature);
}

TEST(MessagesRequestWriter, TheModelOrTheVersion) {
  EXPECT_EQ(from_chat(R"("max_tokens":7)", {.model = "a\"b", .stream = true}),
            R"({"model":"a\"b","max_tokens":7,"messages":[{"role":"user","content":"hi"}],)"
            R"("stream":true})");
  EXPECT_EQ(from_chat(R"("max_tokens":0)",
                      {.model = "m", .stream = true, .anthropic_version = "vertex-2023-10-16"}),
            R"({"anthropic_version":"vertex-2023-10-16","max_tokens":0,)"
            R"("messages":[{"role":"user","content":"hi"}],"stream":true})");
}

TEST(MessagesRequestWriter, NoStreamWhereThePathSaysIt) {
  EXPECT_THAT(
      from_chat(R"("max_tokens":7)", {.model = "m", .stream = true, .stream_in_body = false}),
      Not(HasSubstr("stream")));
}

TEST(MessagesRequestWriter, SamplingIsPassedAsItIsWritten) {
  EXPECT_THAT(from_chat(R"("temperature":1.50,"top_p":1e-1,"top_k":4)"),
              HasSubstr(R"("temperature":1.50,"top_p":1e-1,"top_k":4)"));
  EXPECT_THAT(from_chat(R"("temperature":0.5,"reasoning_effort":"low")"), Not(HasSubstr("temp")));
  EXPECT_TRUE(chat_loses(R"("temperature":0.5,"reasoning_effort":"low")", Feature::temperature));
  EXPECT_FALSE(chat_loses(R"("temperature":0.5)", Feature::temperature));
}

TEST(MessagesRequestWriter, StopsOfWhiteSpaceAreNone) {
  EXPECT_THAT(from_chat(R"("stop":["\n","a\n"," \t",""])"),
              HasSubstr(R"("stop_sequences":["a\n"])"));
  EXPECT_THAT(from_chat(R"("stop":"\n\n")"), Not(HasSubstr("stop_sequences")));
  EXPECT_TRUE(chat_loses(R"("stop":"\n\n")", Feature::stop));
  EXPECT_FALSE(chat_loses(R"("stop":"\\n")", Feature::stop));
}

TEST(MessagesRequestWriter, ToolsAndTheirChoice) {
  struct Row {
    std::string_view choice, becomes;
  };
  constexpr Row kRows[] = {{R"("auto")", R"("tool_choice":{"type":"auto"})"},
                           {R"("none")", R"("tool_choice":{"type":"none"})"},
                           {R"("required")", R"("tool_choice":{"type":"any"})"},
                           {R"({"type":"function","function":{"name":"f"}})",
                            R"("tool_choice":{"type":"tool","name":"f"})"}};
  for (const Row& row : kRows) {
    EXPECT_THAT(from_chat(std::string(kTool) + R"(,"tool_choice":)" + std::string(row.choice)),
                HasSubstr(row.becomes));
  }
  EXPECT_THAT(from_chat(R"("tool_choice":"auto","parallel_tool_calls":false)"),
              Not(HasSubstr("tool_choice")));
  EXPECT_THAT(from_chat(std::string(kTool) + R"(,"parallel_tool_calls":false)"),
              HasSubstr(R"("tool_choice":{"type":"auto","disable_parallel_tool_use":true})"));
  EXPECT_THAT(from_chat(kTool), Not(HasSubstr("tool_choice")));
}

TEST(MessagesRequestWriter, ToolsThatAnthropicRuns) {
  EXPECT_THAT(from_chat(R"("tools":[{"type":"bash_20250124","name":"bash"},{"type":"mcp"}])"),
              HasSubstr(R"("tools":[{"type":"bash_20250124","name":"bash"}])"));
  EXPECT_TRUE(chat_loses(R"("tools":[{"type":"mcp"}])", Feature::server_tools));
  EXPECT_FALSE(chat_loses(R"("tools":[{"type":"web_search_preview"}])", Feature::server_tools));
  EXPECT_THAT(from_chat(R"("tools":[{"type":"mcp"}],"tool_choice":"auto")"),
              Not(HasSubstr("tool")));
}

TEST(MessagesRequestWriter, FormatsOfTheAnswer) {
  EXPECT_THAT(from_chat(R"("response_format":{"type":"json_object"})"),
              HasSubstr(R"("system":"Answer with one JSON object)"));
  EXPECT_THAT(from_chat(R"("response_format":{"type":"json_schema","json_schema":)"
                        R"({"name":"n","schema":{"type": "object"}}},"reasoning_effort":"low")"),
              HasSubstr(R"("output_config":{"effort":"low","format":)"
                        R"({"type":"json_schema","schema":{"type": "object"}}})"));
}

TEST(MessagesRequestWriter, UserAndTier) {
  EXPECT_THAT(from_chat(R"("user":"u\"")"), HasSubstr(R"("metadata":{"user_id":"u\""})"));
  EXPECT_THAT(from_chat(R"("service_tier":"priority")"), HasSubstr(R"("service_tier":"auto")"));
  EXPECT_THAT(from_chat(R"("service_tier":"default")"), HasSubstr(R"(:"standard_only")"));
  EXPECT_THAT(from_chat(R"("service_tier":"flex")"), Not(HasSubstr("service_tier")));
  EXPECT_TRUE(chat_loses(R"("service_tier":"flex")", Feature::service_tier));
}

TEST(MessagesRequestWriter, WhatGoesNotTogetherIsLost) {
  const std::string forced =
      std::string(kTool) + R"(,"tool_choice":"required","reasoning_effort":"low")";
  EXPECT_TRUE(chat_loses(forced, Feature::reasoning_effort));
  EXPECT_THAT(from_chat(forced), Not(HasSubstr("thinking")));
  EXPECT_FALSE(chat_loses(R"("reasoning_effort":"low")", Feature::reasoning_effort));
  const auto unsigned_thinking =
      ask(R"({"model":"m","messages":[{"role":"assistant","reasoning_content":"r"},)"
          R"({"role":"user","content":"a"}]})",
          kChatCaller);
  EXPECT_TRUE(loses(unsigned_thinking->conversation, Feature::thinking_blocks));
}

TEST(MessagesRequestWriter, ThoughtsAreSummedUpWheneverThereAreAny) {
  const auto summary_lost = [](std::string_view reasoning) {
    const std::string body =
        R"({"model":"m","input":"a","reasoning":)" + std::string(reasoning) + '}';
    return loses(ask(body, kResponsesCaller)->conversation, Feature::reasoning_summary);
  };
  EXPECT_FALSE(summary_lost(R"({"effort":"low","summary":"auto"})"));
  EXPECT_TRUE(summary_lost(R"({"summary":"auto"})"));
}

}  // namespace
}  // namespace butter::dialect
