#include "dialect/responses_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dialect/feature.h"

namespace butter::dialect {
namespace {

using testing::ElementsAre;

/// A request with `members` beside model and input. The body must outlive the conversation.
struct Asked {
  explicit Asked(std::string_view members, std::string_view input = R"("hi")")
      : body(R"({"model":"m","input":)" + std::string(input) +
             (members.empty() ? "" : "," + std::string(members)) + "}") {
    const Result<void> read = read_responses_request(body, conversation);
    if (!read) {
      EXPECT_EQ(read.error().code, Errc::bad_request);
      complaint = read.error().detail;
    }
  }
  [[nodiscard]] bool uses(Feature feature) const {
    return conversation.used[static_cast<std::size_t>(feature)];
  }

  std::string body, complaint;
  Conversation conversation;
};

TEST(ResponsesRequest, ReadsAllThatSaysHowToAnswer) {
  const Asked asked(
      R"("instructions":"be \"kind\"","max_output_tokens":64,"temperature":0.50,"top_p":1,
         "top_logprobs":2,"stream":true,"parallel_tool_calls":false,"user":"u","metadata":{"k":"v"},
         "reasoning":{"effort":"xhigh","summary":"auto"},"service_tier":"flex",
         "text":{"verbosity":"low","format":{"type":"json_schema","name":"n","description":"d",
                 "strict":true,"schema":{"type":"object"}}})");
  const Conversation& got = asked.conversation;
  ASSERT_EQ(asked.complaint, "");
  EXPECT_EQ(got.model.escaped, "m");
  EXPECT_EQ(got.system.at(0).text.escaped, R"(be \"kind\")");
  EXPECT_EQ(got.max_tokens, 64U);
  EXPECT_EQ(got.temperature.json, "0.50");
  EXPECT_EQ(got.top_p.json, "1");
  EXPECT_EQ(got.top_logprobs.json, "2");
  EXPECT_EQ(got.logprobs, true);
  EXPECT_TRUE(got.stream && got.stream_usage);
  EXPECT_EQ(got.parallel_tool_calls, false);
  EXPECT_EQ(got.user.escaped, "u");
  EXPECT_EQ(got.metadata.json, R"({"k":"v"})");
  EXPECT_EQ(got.reasoning.effort, Reasoning::Effort::most);
  EXPECT_EQ(got.reasoning.summary.escaped, "auto");
  EXPECT_EQ(got.service_tier.json, "\"flex\"");
  EXPECT_EQ(got.verbosity.escaped, "low");
  EXPECT_EQ(got.format.kind, ResponseFormat::Kind::json_schema);
  EXPECT_EQ(got.format.name.escaped, "n");
  EXPECT_EQ(got.format.schema.json, R"({"type":"object"})");
  EXPECT_EQ(got.format.strict, true);
  for (const Feature feature :
       {Feature::system, Feature::max_tokens, Feature::temperature, Feature::top_p,
        Feature::logprobs, Feature::parallel_tool_calls, Feature::user, Feature::metadata,
        Feature::reasoning_effort, Feature::reasoning_summary, Feature::service_tier,
        Feature::verbosity, Feature::json_schema}) {
    EXPECT_TRUE(asked.uses(feature)) << to_string(feature);
  }
  EXPECT_TRUE(got.unknown.empty());
}

TEST(ResponsesRequest, WhatSaysNothingUsesNothing) {
  const Asked asked(
      R"("store":true,"stream":false,"include":["reasoning.encrypted_content"],"tools":null,
         "previous_response_id":null,"conversation":null,"background":false,"prompt":null,
         "truncation":"disabled","temperature":null,"metadata":{},"reasoning":{"effort":null},
         "service_tier":"auto","parallel_tool_calls":true,"stream_options":{"include_obfuscation":false},
         "text":{"format":{"type":"text"}},"max_tool_calls":null)");
  EXPECT_EQ(asked.complaint, "");
  EXPECT_TRUE(asked.conversation.used.none()) << asked.conversation.used;
  EXPECT_TRUE(asked.conversation.unknown.empty());
  EXPECT_FALSE(asked.conversation.stream_usage);
}

TEST(ResponsesRequest, UnknownFieldsAreReported) {
  const Asked asked(R"("max_tool_calls":3,"prompt_cache_key":"k","flux":{"a":[1]},"zero":[])");
  EXPECT_THAT(asked.conversation.unknown,
              ElementsAre("max_tool_calls", "prompt_cache_key", "flux"));
}

TEST(ResponsesRequest, StateThatOpenAiKeepsIsAFeatureOfItsOwn) {
  EXPECT_TRUE(Asked(R"("previous_response_id":"resp_1")").uses(Feature::previous_response));
  EXPECT_TRUE(Asked(R"("conversation":{"id":"c"})").uses(Feature::previous_response));
  EXPECT_TRUE(Asked(R"("prompt":{"id":"p"})").uses(Feature::previous_response));
  EXPECT_TRUE(Asked(R"("background":true)").uses(Feature::background));
  EXPECT_TRUE(Asked(R"("truncation":"auto")").uses(Feature::truncation));
  Conversation without_input;
  EXPECT_TRUE(read_responses_request(R"({"model":"m","prompt":{"id":"p"}})", without_input));
}

TEST(ResponsesRequest, InstructionsComeFirstAndToolsBeforeTheirChoice) {
  const Asked asked(R"("tool_choice":{"type":"allowed_tools","mode":"auto","tools":[]},"tools":[
      {"type":"function","name":"f"}],"instructions":"one")",
                    R"([{"role":"developer","content":"two"},{"role":"user","content":"x"}])");
  ASSERT_EQ(asked.complaint, "");
  ASSERT_EQ(asked.conversation.system.size(), 2U);
  EXPECT_EQ(asked.conversation.system[0].text.escaped, "one");
  EXPECT_TRUE(asked.conversation.tools.empty());
  EXPECT_EQ(Asked(R"("instructions":["a"])").complaint, "instructions: must be a string");
  EXPECT_EQ(Asked(R"("stream":1)").complaint, "stream: must be true or false");
  EXPECT_EQ(Asked("", R"([{"role":"user","content":[{"type":"input_text","text":7}]}])").complaint,
            "input[0].content[0].text: must be a string");
}

TEST(ResponsesRequest, NeedsAModelAndAnInput) {
  constexpr struct {
    std::string_view body, complaint;
  } kRows[] = {
      {R"({"input":"x"})", "model: is missing"},
      {R"({"model":"m"})", "input: is missing"},
      {R"({"model":"m","input":null})", "input: is missing"},
      {"[]", "the request must be an object"},
      {"null", "the request must be an object"},
      {"", "the request must be an object"},
      {R"({"model":"m","input":"x")", "the request is no well-formed JSON"},
  };
  for (const auto& row : kRows) {
    Conversation into;
    const Result<void> read = read_responses_request(row.body, into);
    ASSERT_FALSE(read) << row.body;
    EXPECT_EQ(read.error().detail, row.complaint);
  }
}

}  // namespace
}  // namespace butter::dialect
