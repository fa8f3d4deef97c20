#include "dialect/converse_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/event_stream.h"
#include "unit/dialect/converse_support.h"

namespace butter::dialect {
namespace {

using butter::test::event_stream_event;
using butter::test::event_stream_exception;

std::string whole(std::string_view body) {
  test::Folded folded;
  const auto done = make_converse_reader()->whole(body, folded);
  return done ? folded.text() : folded.text() + "!" + done.error().detail;
}

std::string streamed(const std::vector<std::string_view>& parts) {
  test::Folded folded;
  const auto reader = make_converse_reader();
  for (const std::string_view part : parts) {
    if (const auto fed = reader->feed(part, folded); !fed) {
      return folded.text() + "!" + fed.error().detail;
    }
  }
  const auto closed = reader->close(folded);
  return closed ? folded.text() : folded.text() + "!" + closed.error().detail;
}

std::string event(std::string_view type, std::string_view payload) {
  return event_stream_event(type, payload);
}

// One answer with all that an answer may hold, whole and as a stream.
constexpr char kWhole[] =
    R"({"metrics":{"latencyMs":7},"output":{"message":{"role":"assistant","content":[)"
    R"({"reasoningContent":{"reasoningText":{"text":"Let \"me\"…","signature":"sig=="}}},)"
    R"({"reasoningContent":{"redactedContent":"b3BhcXVl"}},)"
    R"({"text":"Look\n"},)"
    R"({"citationsContent":{"content":[{"text":"at this"}],"citations":[{"title":"T","source":"s"}]}},)"
    R"({"toolUse":{"toolUseId":"t1","name":"weather","input":{"city": "Bern"}}},)"
    R"({"toolUse":{"toolUseId":"t2","name":"now","input":{}}}]}},)"
    R"("stopReason":"tool_use","usage":{"inputTokens":10,"outputTokens":20,"totalTokens":35,)"
    R"("cacheReadInputTokens":3,"cacheWriteInputTokens":2}})";
constexpr char kFolded[] =
    "start\n"
    "thinking Let \\\"me\\\"…\n"
    "signature sig==\n"
    "redacted b3BhcXVl\n"
    "text Look\\nat this\n"
    "citation {\"title\":\"T\",\"source\":\"s\"}\n"
    "tool 0 t1 weather\n"
    "arguments 0 {\\\"city\\\": \\\"Bern\\\"}\n"
    "tool 1 t2 now\n"
    "arguments 1 {}\n"
    "finish 3 \n"
    "usage 15 cached 3 written 2 output 20\n"
    "end";

std::string stream() {
  return event("messageStart", R"({"role":"assistant","p":"ab"})") +
         event("contentBlockDelta",
               R"({"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"Let "}}})") +
         event("contentBlockDelta",
               R"({"delta":{"reasoningContent":{"text":"\"me\"…"}},"contentBlockIndex":0})") +
         event("contentBlockDelta",
               R"({"contentBlockIndex":0,"delta":{"reasoningContent":{"signature":"sig=="}}})") +
         event("contentBlockStop", R"({"contentBlockIndex":0})") +
         event(
             "contentBlockDelta",
             R"({"contentBlockIndex":1,"delta":{"reasoningContent":{"redactedContent":"b3BhcXVl"}}})") +
         event("contentBlockDelta", R"({"contentBlockIndex":2,"delta":{"text":"Look\n"}})") +
         event("contentBlockDelta", R"({"contentBlockIndex":2,"delta":{"text":""}})") +
         event("contentBlockDelta", R"({"contentBlockIndex":3,"delta":{"text":"at this"}})") +
         event("contentBlockDelta",
               R"({"contentBlockIndex":3,"delta":{"citation":{"title":"T","source":"s"}}})") +
         event("contentBlockStop", R"({"contentBlockIndex":3})") +
         event(
             "contentBlockStart",
             R"({"contentBlockIndex":4,"start":{"toolUse":{"toolUseId":"t1","name":"weather"}}})") +
         event("contentBlockDelta", R"({"contentBlockIndex":4,"delta":{"toolUse":{"input":""}}})") +
         event("contentBlockDelta",
               R"({"contentBlockIndex":4,"delta":{"toolUse":{"input":"{\"city\": "}}})") +
         event("contentBlockDelta",
               R"({"contentBlockIndex":4,"delta":{"toolUse":{"input":"\"Bern\"}"}}})") +
         event("contentBlockStop", R"({"contentBlockIndex":4})") +
         event("contentBlockStart",
               R"({"contentBlockIndex":5,"start":{"toolUse":{"toolUseId":"t2","name":"now"}}})") +
         event("contentBlockStop", R"({"contentBlockIndex":5})") +
         event("messageStop", R"({"stopReason":"tool_use"})") +
         event(
             "metadata",
             R"({"usage":{"inputTokens":10,"outputTokens":20,"totalTokens":35,"cacheReadInputTokens":3,"cacheWriteInputTokens":2},"metrics":{"latencyMs":7}})");
}

TEST(ConverseAnswer, AStreamFoldsToTheWholeAnswerWhereverItIsCut) {
  EXPECT_EQ(whole(kWhole), kFolded);
  const std::string bytes = stream();
  const std::string_view text = bytes;
  EXPECT_EQ(streamed({text}), kFolded);
  std::vector<std::string_view> single;
  for (std::size_t cut = 0; cut < text.size(); ++cut) {
    ASSERT_EQ(streamed({text.substr(0, cut), text.substr(cut)}), kFolded) << cut;
    single.push_back(text.substr(cut, 1));
  }
  EXPECT_EQ(streamed(single), kFolded);
}

TEST(ConverseAnswer, FinishReasons) {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"end_turn", "finish 0 "},         {"stop_sequence", "finish 1 "},
      {"max_tokens", "finish 2 "},       {"model_context_window_exceeded", "finish 2 "},
      {"tool_use", "finish 3 "},         {"guardrail_intervened", "finish 4 "},
      {"content_filtered", "finish 4 "}, {"malformed_tool_use", "finish 7 malformed_tool_use"},
  };
  for (const auto& [reason, told] : rows) {
    const std::string payload = R"({"stopReason":")" + std::string(reason) + R"("})";
    EXPECT_EQ(streamed({event("messageStop", payload)}), std::string(told) + "\nend");
    EXPECT_EQ(whole(R"({"output":{},)" + payload.substr(1)),
              "start\n" + std::string(told) + "\nend");
  }
}

TEST(ConverseAnswer, AnExceptionEndsTheStream) {
  const std::string begun = event("messageStart", R"({"role":"assistant"})");
  const std::string late = event("contentBlockDelta", R"({"delta":{"text":"late"}})");
  EXPECT_EQ(
      streamed({begun +
                event_stream_exception("throttlingException", R"({"message":"slow \"down\""})") +
                late}),
      "start\nerror 429 ThrottlingException: slow \"down\"");
  EXPECT_EQ(streamed({event_stream_exception(
                "modelStreamErrorException",
                R"({"message":"m","originalStatusCode":500,"originalMessage":"o"})")}),
            "error 424 ModelStreamErrorException: m");
  EXPECT_EQ(streamed({butter::test::event_stream_message({{":message-type", "error"},
                                                          {":error-code", "InternalFailure"},
                                                          {":error-message", "why"}},
                                                         "")}),
            "error 500 InternalFailure: why");
}

TEST(ConverseAnswer, AStreamThatJustStopsIsNotWhole) {
  const std::string bytes = stream();
  const std::size_t stop =
      bytes.size() -
      event(
          "metadata",
          R"({"usage":{"inputTokens":10,"outputTokens":20,"totalTokens":35,"cacheReadInputTokens":3,"cacheWriteInputTokens":2},"metrics":{"latencyMs":7}})")
          .size();
  EXPECT_THAT(streamed({std::string_view(bytes).substr(0, 300)}),
              testing::EndsWith("!the stream ended before its messageStop"));
  // All but the usage.
  EXPECT_THAT(streamed({std::string_view(bytes).substr(0, stop)}),
              testing::EndsWith("finish 3 \nend"));
  EXPECT_THAT(streamed({std::string_view(bytes).substr(0, stop + 5)}),
              testing::EndsWith("!the stream ended before its messageStop"));
}

TEST(ConverseAnswer, WhatIsNoAnswer) {
  for (const std::string_view body :
       {"", "null", "[]", "{}", R"({"output":{"message":{}})", R"({"output":{}})", "<html>"}) {
    EXPECT_EQ(whole(body), "!the answer is not one of Converse") << body;
  }
  EXPECT_EQ(streamed({event("messageStart", "[]")}),
            "!malformed event stream: the payload of an event is no JSON object");
  EXPECT_EQ(streamed({event("metadata", R"({"usage":)")}),
            "usage 0 cached 0 written 0 output 0!malformed event stream: the payload of an event "
            "is no JSON object");
  EXPECT_EQ(streamed({"<html><body>no stream</body></html>"}),
            "!malformed event stream: the checksum of a prelude is wrong");
  // Events and members of tomorrow.
  EXPECT_EQ(streamed({event("newEvent", "{}") +
                      event("messageStop", R"({"stopReason":"end_turn","x":[1]})")}),
            "finish 0 \nend");
}

TEST(ConverseAnswer, ErrorsAreRead) {
  const AnswerError error = make_converse_reader()->error(429, R"({"message":"slow down"})");
  EXPECT_EQ(error.kind, AnswerError::Kind::rate_limit);
  EXPECT_EQ(error.message, "slow down");
}

}  // namespace
}  // namespace butter::dialect
