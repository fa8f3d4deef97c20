#include "dialect/gemini_config.h"

#include <gtest/gtest.h>

#include "unit/dialect/gemini_written.h"

namespace butter::dialect::gemini {
namespace {

using Effort = Reasoning::Effort;

std::string written(const Conversation& conversation, std::string_view model = "gemini-2.5-flash") {
  return test::members([&](json::Writer& json) { write_config(conversation, model, json); });
}

TEST(GeminiConfig, NothingAskedNothingWritten) {
  EXPECT_EQ(written({}), "{}");
}

TEST(GeminiConfig, NumbersAsTheyAreWritten) {
  Conversation asked;
  asked.temperature = {".70"};
  asked.top_p = {"9e-1"};
  asked.top_k = {"40"};
  asked.max_tokens = 100;
  asked.stop = {{"END"}, {"\\n"}};
  asked.choices = 2;
  asked.seed = {"-7"};
  asked.presence_penalty = {"0.5"};
  asked.frequency_penalty = {"-0.5"};
  asked.logprobs = true;
  asked.top_logprobs = {"3"};
  EXPECT_EQ(written(asked),
            R"({"generationConfig":{"temperature":.70,"topP":9e-1,"topK":40,"maxOutputTokens":100,)"
            R"("stopSequences":["END","\n"],"candidateCount":2,"seed":-7,"presencePenalty":0.5,)"
            R"("frequencyPenalty":-0.5,"responseLogprobs":true,"logprobs":3}})");
}

TEST(GeminiConfig, LogprobsThatAreNotWanted) {
  Conversation asked;
  asked.logprobs = false;
  EXPECT_EQ(written(asked), "{}");
}

TEST(GeminiConfig, Formats) {
  Conversation asked;
  asked.format.kind = ResponseFormat::Kind::json_object;
  EXPECT_EQ(written(asked), R"({"generationConfig":{"responseMimeType":"application/json"}})");
  asked.format.kind = ResponseFormat::Kind::json_schema;
  asked.format.schema = {R"({"$defs":{}})"};
  EXPECT_EQ(written(asked), R"({"generationConfig":{"responseMimeType":"application/json",)"
                            R"("responseJsonSchema":{"$defs":{}}}})");
}

struct Thinking {
  std::string_view model;
  Effort effort;
  std::string_view config;
};

TEST(GeminiConfig, EffortsAsGoogleItselfReadsThem) {
  const Thinking cases[] = {
      {"gemini-2.5-flash", Effort::none, R"("thinkingBudget":0)"},
      {"gemini-2.5-pro", Effort::none, R"("thinkingBudget":128)"},
      {"gemini-2.5-flash", Effort::minimal, R"("thinkingBudget":1024,"includeThoughts":true)"},
      {"gemini-2.5-flash", Effort::low, R"("thinkingBudget":1024,"includeThoughts":true)"},
      {"gemini-2.5-flash", Effort::medium, R"("thinkingBudget":8192,"includeThoughts":true)"},
      {"gemini-2.5-flash", Effort::high, R"("thinkingBudget":24576,"includeThoughts":true)"},
      {"gemini-2.5-flash", Effort::most, R"("thinkingBudget":24576,"includeThoughts":true)"},
      {"gemini-3-flash", Effort::none, R"("thinkingLevel":"MINIMAL")"},
      {"gemini-3-pro", Effort::none, R"("thinkingLevel":"LOW")"},
      {"gemini-3-flash", Effort::minimal, R"("thinkingLevel":"MINIMAL","includeThoughts":true)"},
      {"gemini-3-flash", Effort::low, R"("thinkingLevel":"LOW","includeThoughts":true)"},
      {"gemini-3-flash", Effort::medium, R"("thinkingLevel":"MEDIUM","includeThoughts":true)"},
      {"gemini-3-flash", Effort::most, R"("thinkingLevel":"HIGH","includeThoughts":true)"},
  };
  for (const Thinking& row : cases) {
    Conversation asked;
    asked.reasoning.effort = row.effort;
    EXPECT_EQ(written(asked, row.model),
              R"({"generationConfig":{"thinkingConfig":{)" + std::string(row.config) + "}}}")
        << row.model << ' ' << static_cast<int>(row.effort);
  }
}

TEST(GeminiConfig, ABudgetIsWhatWasAskedFor) {
  Conversation asked;
  asked.reasoning = {.effort = Effort::high, .budget = 4000};
  EXPECT_EQ(
      written(asked, "gemini-3-flash"),
      R"({"generationConfig":{"thinkingConfig":{"thinkingBudget":4000,"includeThoughts":true}}})");
  asked.reasoning.budget = 0;
  EXPECT_EQ(written(asked), R"({"generationConfig":{"thinkingConfig":{"thinkingBudget":0}}})");
}

TEST(GeminiConfig, ASummaryAloneShowsThoughts) {
  Conversation asked;
  asked.reasoning.summary = {"auto"};
  EXPECT_EQ(written(asked), R"({"generationConfig":{"thinkingConfig":{"includeThoughts":true}}})");
}

}  // namespace
}  // namespace butter::dialect::gemini
