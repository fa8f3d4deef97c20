#include "dialect/messages_answer_reader.h"

#include "unit/dialect/messages_support.h"

namespace butter::dialect {
namespace {

using messages_test::event;
using messages_test::fold_stream;
using messages_test::fold_whole;
using testing::HasSubstr;

constexpr std::string_view kWhole =
    R"({"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[)"
    R"({"type":"thinking","thinking":"hm","signature":"s"},{"type":"text","text":"Hello"},)"
    R"({"type":"tool_use","id":"t","name":"f","input":{"a":1}}],"stop_reason":"tool_use",)"
    R"("stop_sequence":null,"usage":{"input_tokens":9,"output_tokens":7}})";

std::string stream() {
  return event("message_start",
               R"("message":{"id":"msg_1","type":"message","role":"assistant","content":[],)"
               R"("model":"claude-x","stop_reason":null,)"
               R"("usage":{"input_tokens":9,"output_tokens":1}})") +
         event("content_block_start",
               R"("index":0,"content_block":{"type":"thinking","thinking":"","signature":""})") +
         event("ping", "") +
         event("content_block_delta",
               R"("index":0,"delta":{"type":"thinking_delta","thinking":"hm"})") +
         event("content_block_delta",
               R"("index":0,"delta":{"type":"signature_delta","signature":"s"})") +
         event("content_block_stop", R"("index":0)") +
         event("content_block_start", R"("index":1,"content_block":{"type":"text","text":""})") +
         event("content_block_delta", R"("index":1,"delta":{"type":"text_delta","text":"Hel"})") +
         event("content_block_delta", R"("index":1,"delta":{"type":"text_delta","text":"lo"})") +
         event("content_block_stop", R"("index":1)") +
         event("content_block_start",
               R"("index":2,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}})") +
         event("content_block_delta",
               R"("index":2,"delta":{"type":"input_json_delta","partial_json":"{\"a\":1}"})") +
         event("content_block_stop", R"("index":2)") +
         event("message_delta", R"("delta":{"stop_reason":"tool_use","stop_sequence":null},)"
                                R"("usage":{"output_tokens":7})") +
         event("message_stop", "");
}

TEST(MessagesAnswerReader, AStreamSaysWhatTheWholeSays) {
  const std::string told = fold_whole(kWhole);
  EXPECT_THAT(told, HasSubstr("usage 9 0 0 7 0 0 0\nend\n"));
  const std::string bytes = stream();
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    ASSERT_EQ(fold_stream(bytes, cut), told) << cut;
  }
}

TEST(MessagesAnswerReader, EveryReasonIsUnderstood) {
  struct Row {
    std::string_view word;
    Finish::Reason reason;
  };
  constexpr Row kRows[] = {{"end_turn", Finish::Reason::stop},
                           {"stop_sequence", Finish::Reason::stop_sequence},
                           {"max_tokens", Finish::Reason::length},
                           {"model_context_window_exceeded", Finish::Reason::length},
                           {"tool_use", Finish::Reason::tool_calls},
                           {"refusal", Finish::Reason::refusal},
                           {"pause_turn", Finish::Reason::pause},
                           {"flux", Finish::Reason::other}};
  for (const Row& row : kRows) {
    const std::string body =
        R"({"type":"message","content":[],"stop_sequence":"END","stop_reason":")" +
        std::string(row.word) + "\"}";
    EXPECT_THAT(fold_whole(body),
                HasSubstr("reason " + std::to_string(static_cast<int>(row.reason))));
  }
  EXPECT_THAT(fold_whole(R"({"content":[],"stop_reason":"stop_sequence","stop_sequence":"END"})"),
              HasSubstr(" END\n"));
  EXPECT_THAT(fold_whole(R"({"content":[],"stop_reason":"flux"})"), HasSubstr(" flux\n"));
}

TEST(MessagesAnswerReader, ARefusalIsExplained) {
  EXPECT_THAT(fold_whole(R"({"content":[],"stop_reason":"refusal",)"
                         R"("stop_details":{"type":"refusal","explanation":"no"}})"),
              HasSubstr("refusal: no\n"));
  EXPECT_THAT(fold_whole(R"({"content":[],"stop_reason":"refusal","stop_details":null})"),
              HasSubstr("refusal: \n"));
}

TEST(MessagesAnswerReader, AnErrorEndsTheAnswer) {
  const std::string bytes =
      event("error", R"("error":{"type":"overloaded_error","message":"busy"})") +
      event("message_stop", "");
  EXPECT_THAT(fold_stream(bytes), HasSubstr("error 9 529 busy overloaded_error"));
  EXPECT_THAT(fold_stream(bytes), testing::Not(HasSubstr("end\n")));
  EXPECT_THAT(fold_whole(R"({"type":"error","error":{"type":"api_error","message":"m"}})"),
              HasSubstr("error 11 500 m"));
}

TEST(MessagesAnswerReader, WhatIsCutOrNoneIsNoAnswer) {
  const std::string bytes = stream();
  EXPECT_THAT(fold_stream(bytes.substr(0, bytes.rfind("event:"))),
              HasSubstr("before the answer did"));
  EXPECT_THAT(fold_stream(""), HasSubstr("before the answer did"));
  EXPECT_THAT(fold_stream("data: [1]\n\n"), HasSubstr("no JSON object"));
  EXPECT_THAT(fold_whole("[]"), HasSubstr("no JSON object"));
  EXPECT_THAT(fold_whole(R"({"type":"message"})"), HasSubstr("no content"));
  EXPECT_THAT(fold_whole(R"({"content":[{"a"]})"), HasSubstr("no "));
}

TEST(MessagesAnswerReader, TheLastBlankLineMayBeMissing) {
  std::string bytes = stream();
  bytes.pop_back();
  EXPECT_EQ(fold_stream(bytes), fold_whole(kWhole));
}

}  // namespace
}  // namespace butter::dialect
