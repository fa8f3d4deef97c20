#include "dialect/converse_fields.h"

#include <gtest/gtest.h>

#include <string>

namespace butter::dialect {
namespace {

constexpr std::string_view kClaude = "us.anthropic.claude-sonnet-4-20250514-v1:0";
constexpr std::string_view kNova = "amazon.nova-pro-v1:0";
constexpr std::string_view kGptOss = "openai.gpt-oss-120b-1:0";
constexpr std::string_view kLlama = "meta.llama3-1-70b-instruct-v1:0";

std::string written(const Conversation& conversation, std::string_view model) {
  Buffer out;
  json::Writer writer(out);
  writer.begin_object();
  write_converse_fields(conversation, model, writer);
  writer.end_object();
  return std::string(out.view());
}

TEST(ConverseFields, NothingAsked) {
  EXPECT_EQ(written({}, kClaude), "{}");
}

TEST(ConverseFields, Inference) {
  Conversation conversation;
  conversation.max_tokens = 100;
  conversation.temperature = {"0.70"};
  conversation.top_p = {"1e-1"};
  conversation.stop = {{"END"}, {R"(\n)"}};
  EXPECT_EQ(
      written(conversation, kLlama),
      R"({"inferenceConfig":{"maxTokens":100,"temperature":0.70,"topP":1e-1,"stopSequences":["END","\n"]}})");
}

TEST(ConverseFields, TopK) {
  Conversation conversation;
  conversation.top_k = {"5"};
  EXPECT_EQ(written(conversation, kClaude), R"({"additionalModelRequestFields":{"top_k":5}})");
  EXPECT_EQ(written(conversation, kNova),
            R"({"additionalModelRequestFields":{"inferenceConfig":{"topK":5}}})");
}

TEST(ConverseFields, EffortByModel) {
  Conversation conversation;
  conversation.reasoning.effort = Reasoning::Effort::medium;
  EXPECT_EQ(
      written(conversation, kClaude),
      R"({"additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":8192}}})");
  EXPECT_EQ(
      written(conversation, kNova),
      R"({"additionalModelRequestFields":{"reasoningConfig":{"type":"enabled","maxReasoningEffort":"medium"}}})");
  EXPECT_EQ(written(conversation, kGptOss),
            R"({"additionalModelRequestFields":{"reasoning_effort":"medium"}})");
  EXPECT_EQ(written(conversation, kLlama), R"({"outputConfig":{"effort":"medium"}})");
  conversation.reasoning.effort = Reasoning::Effort::none;
  for (const std::string_view model : {kClaude, kNova, kGptOss, kLlama}) {
    EXPECT_EQ(written(conversation, model), "{}") << model;
  }
}

TEST(ConverseFields, BudgetStaysBelowMaxTokens) {
  const auto thinking = [](std::optional<std::uint64_t> budget, std::optional<std::uint64_t> most) {
    Conversation conversation;
    conversation.reasoning.budget = budget;
    conversation.max_tokens = most;
    const std::string text = written(conversation, kClaude);
    const std::size_t at = text.find("budget_tokens\":");
    return at == std::string::npos ? std::string("none")
                                   : text.substr(at + 15, text.find('}', at) - at - 15);
  };
  EXPECT_EQ(thinking(4000, {}), "4000");
  EXPECT_EQ(thinking(4000, 10000), "4000");
  EXPECT_EQ(thinking(4000, 2000), "1999");
  EXPECT_EQ(thinking(10, {}), "1024");
  EXPECT_EQ(thinking(4000, 1024), "none");
  EXPECT_EQ(thinking(0, {}), "none");
  EXPECT_EQ(thinking({}, 100), "none");
}

TEST(ConverseFields, BudgetIsAnEffortToOthers) {
  for (const auto& [budget, effort] :
       {std::pair<std::uint64_t, std::string>{1024, "low"}, {8000, "medium"}, {30000, "high"}}) {
    Conversation conversation;
    conversation.reasoning.budget = budget;
    EXPECT_EQ(written(conversation, kGptOss),
              R"({"additionalModelRequestFields":{"reasoning_effort":")" + effort + R"("}})");
  }
}

// Converse takes the schema as a text.
TEST(ConverseFields, JsonSchema) {
  Conversation conversation;
  conversation.format = {.kind = ResponseFormat::Kind::json_schema,
                         .name = {"n"},
                         .description = {"d"},
                         .schema = {R"({"type":"object"})"}};
  EXPECT_EQ(written(conversation, kClaude),
            R"({"outputConfig":{"textFormat":{"type":"json_schema","structure":{"jsonSchema":)"
            R"({"schema":"{\"type\":\"object\"}","name":"n","description":"d"}}}}})");
}

TEST(ConverseFields, AboutTheRequest) {
  Conversation conversation;
  conversation.metadata = {R"({"team":"a"})"};
  conversation.service_tier = {R"("flex")"};
  EXPECT_EQ(written(conversation, kLlama),
            R"({"requestMetadata":{"team":"a"},"serviceTier":{"type":"flex"}})");
  conversation.metadata = {"{}"};
  conversation.service_tier = {R"("auto")"};
  EXPECT_EQ(written(conversation, kLlama), "{}");
}

}  // namespace
}  // namespace butter::dialect
