#include "dialect/responses_config.h"

#include <gtest/gtest.h>

#include <string>

namespace butter::dialect {
namespace {

/// The members of a request, each read alone.
struct Read {
  explicit Read(std::string_view members) : body("{" + std::string(members) + "}") {
    Fields fields(body);
    fields.object([&](std::string_view key) {
      if (!read_responses_config(key, fields, conversation)) {
        fields.skip();
        strangers += key;
      }
    });
    const Result<void> read = fields.result();
    if (!read) { complaint = read.error().detail; }
  }

  std::string body, complaint, strangers;
  Conversation conversation;
};

std::string repeated(std::string_view members) {
  const Read read(members);
  EXPECT_EQ(read.complaint, "");
  Buffer out;
  json::Writer writer(out);
  writer.begin_object();
  write_responses_config(read.conversation, writer);
  writer.end_object();
  return std::string(out.view());
}

TEST(ResponsesConfig, WhatItDoesNotKnowIsLeftToTheCaller) {
  EXPECT_EQ(Read(R"("model":"m","top_p":1,"flux":2)").strangers, "modelflux");
}

TEST(ResponsesConfig, IsRepeatedInTheAnswer) {
  EXPECT_EQ(repeated(R"("max_output_tokens":5,"temperature":0.50,"top_p":1.0,"user":"u",
                  "parallel_tool_calls":false,"metadata":{"a":"b"},
                  "reasoning":{"effort":"high","summary":"auto"},
                  "text":{"verbosity":"low","format":{"type":"json_schema","name":"n","schema":{}}})"),
            R"({"max_output_tokens":5,"metadata":{"a":"b"},"parallel_tool_calls":false,)"
            R"("reasoning":{"effort":"high","summary":"auto"},"temperature":0.50,)"
            R"("text":{"format":{"type":"json_schema","name":"n","description":null,"schema":{},)"
            R"("strict":false},"verbosity":"low"},"top_p":1.0,"user":"u"})");
  EXPECT_EQ(repeated(R"("text":{"format":{"type":"json_object"}})"),
            R"({"max_output_tokens":null,"metadata":{},"parallel_tool_calls":true,)"
            R"("reasoning":{"effort":null,"summary":null},"temperature":null,)"
            R"("text":{"format":{"type":"json_object"}},"top_p":null,"user":null})");
}

TEST(ResponsesConfig, EveryEffort) {
  using Effort = Reasoning::Effort;
  constexpr struct {
    std::string_view word;
    Effort effort;
  } kRows[] = {{"none", Effort::none},     {"minimal", Effort::minimal}, {"low", Effort::low},
               {"medium", Effort::medium}, {"high", Effort::high},       {"xhigh", Effort::most},
               {"max", Effort::most}};
  for (const auto& row : kRows) {
    const std::string members = R"("reasoning":{"effort":")" + std::string(row.word) + "\"}";
    EXPECT_EQ(Read(members).conversation.reasoning.effort, row.effort) << row.word;
  }
}

TEST(ResponsesConfig, TheNewerNameOfTheUserCounts) {
  EXPECT_EQ(Read(R"("user":"a","safety_identifier":"b")").conversation.user.escaped, "b");
  EXPECT_EQ(Read(R"("safety_identifier":"b","user":"a")").conversation.user.escaped, "b");
}

TEST(ResponsesConfig, LogprobsByInclude) {
  EXPECT_EQ(Read(R"("include":["message.output_text.logprobs"])").conversation.logprobs, true);
  EXPECT_EQ(Read(R"("top_logprobs":0)").conversation.logprobs, std::nullopt);
}

TEST(ResponsesConfig, ComplainsOfWhatIsWrong) {
  constexpr struct {
    std::string_view members, complaint;
  } kRows[] = {
      {R"("max_output_tokens":"1")", "max_output_tokens: must be a whole number"},
      {R"("temperature":"hot")", "temperature: must be a number"},
      {R"("reasoning":{"effort":"huge"})",
       "reasoning.effort: must be none, minimal, low, medium, high, xhigh or max"},
      {R"("text":{"format":{"type":"xml"}})",
       "text.format.type: must be text, json_object or json_schema"},
      {R"("text":{"format":{"type":"json_schema","name":"n"}})", "text.format.schema: is missing"},
      {R"("text":{"format":{"type":"json_schema","schema":{}}})", "text.format.name: is missing"},
      {R"("metadata":[])", "metadata: must be an object"},
  };
  for (const auto& row : kRows) { EXPECT_EQ(Read(row.members).complaint, row.complaint); }
}

}  // namespace
}  // namespace butter::dialect
