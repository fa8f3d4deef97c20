#include "dialect/chat_answer_reader.h"

#include "unit/dialect/chat_support.h"

namespace butter::dialect {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kStream =
    "data: "
    "{\"id\":\"i\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}"
    "\r\n\r\n"
    ": comment\n\n"
    "data: {\"choices\":[{\"index\":0,\ndata: "
    "\"delta\":{\"content\":\"b\"},\"finish_reason\":\"stop\"}]}\n\n"
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}\n\n"
    "data: [DONE]\n\n";

TEST(ChatAnswerReader, AStreamIsTheWholeAnswerWhereverItIsCut) {
  const std::string whole = chat_test::fold_whole(
      R"({"id":"i","model":"m","choices":[{"index":0,"message":{"content":"ab"},"finish_reason":"stop"}],)"
      R"("usage":{"prompt_tokens":1,"completion_tokens":2}})");
  for (std::size_t cut = 0; cut <= kStream.size(); ++cut) {
    ASSERT_EQ(chat_test::fold_stream(kStream, cut), whole) << cut;
  }
}

TEST(ChatAnswerReader, DoneMayBeMissingBehindTheFinish) {
  const std::string_view without = kStream.substr(0, kStream.find("data: [DONE]"));
  EXPECT_EQ(chat_test::fold_stream(without), chat_test::fold_stream(kStream));
  EXPECT_THAT(chat_test::fold_stream(kStream.substr(0, kStream.find(": comment"))),
              HasSubstr("the stream ended before the answer did"));
}

TEST(ChatAnswerReader, AnErrorEndsTheStream) {
  const std::string told = chat_test::fold_stream(
      "data: {\"error\":{\"message\":\"m\",\"code\":503}}\n\ndata: [DONE]\n\n");
  EXPECT_THAT(told, HasSubstr(" 503 m"));
  EXPECT_THAT(told, Not(HasSubstr("end\n")));
}

TEST(ChatAnswerReader, WhatIsNoAnswerIsAnError) {
  EXPECT_EQ(chat_test::fold_whole("<html>"), "the answer is no JSON object");
  EXPECT_EQ(chat_test::fold_whole("{}"), "the answer has no choices");
  EXPECT_EQ(chat_test::fold_whole("{\"id\":"), "the answer is no well-formed JSON");
  EXPECT_EQ(chat_test::fold_stream("data: hello\n\n"), "the answer is no JSON object");
}

}  // namespace
}  // namespace butter::dialect
