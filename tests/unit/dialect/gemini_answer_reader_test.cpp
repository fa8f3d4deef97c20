#include "dialect/gemini_answer_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/dialect/gemini_told.h"

namespace butter::dialect::gemini {
namespace {

using testing::HasSubstr;

std::string whole(std::string_view body) {
  test::Told sink;
  const Result<void> done = make_answer_reader()->whole(body, sink);
  return done ? sink.lines() : "failed: " + done.error().detail;
}

/// The stream, cut into two at `cut`.
std::string streamed(std::string_view bytes, std::size_t cut) {
  test::Told sink;
  const auto reader = make_answer_reader();
  for (const std::string_view piece : {bytes.substr(0, cut), bytes.substr(cut)}) {
    if (const Result<void> done = reader->feed(piece, sink); !done) {
      return sink.lines() + "\nfailed: " + done.error().detail;
    }
  }
  const Result<void> done = reader->close(sink);
  return done ? sink.lines() : sink.lines() + "\nfailed: " + done.error().detail;
}

constexpr std::string_view kWhole = R"({
  "candidates": [ {
      "content": { "role": "model", "parts": [
          { "text": "Let me see.", "thought": true },
          { "text": "Hello from Gemini!" },
          { "functionCall": { "name": "get_weather", "args": { "city": "Köln", "days": [ 1, 2 ] } },
            "thoughtSignature": "c2ln" } ] },
      "finishReason": "STOP", "index": 0, "avgLogprobs": -0.1 } ],
  "usageMetadata": { "promptTokenCount": 10, "candidatesTokenCount": 5, "thoughtsTokenCount": 3,
    "cachedContentTokenCount": 4, "totalTokenCount": 18 },
  "modelVersion": "gemini-2.5-flash", "responseId": "r1"
})";

constexpr std::string_view kStream =
    R"(data: {"candidates":[{"content":{"parts":[{"text":"Let me","thought":true}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":10},"modelVersion":"gemini-2.5-flash","responseId":"r1"})"
    "\r\n\r\n"
    R"(data: {"candidates":[{"content":{"parts":[{"text":" see.","thought":true}]}}],"responseId":"r1"})"
    "\r\n\r\n"
    R"(data: {"candidates":[{"content":{"parts":[{"text":"Hello"}]}}]})"
    "\r\n\r\n"
    R"(data: {"candidates":[{"content":{"parts":[{"text":" from Gemini!"}]}}]})"
    "\r\n\r\n"
    R"(data: {"candidates":[{"content":{"parts":[{"functionCall":{"name":"get_weather","args":{"city":"Köln","days":[1,2]}},"thoughtSignature":"c2ln"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":5,"thoughtsTokenCount":3,"cachedContentTokenCount":4}})"
    "\r\n\r\n";

TEST(GeminiAnswer, Whole) {
  const std::string lines = whole(kWhole);
  EXPECT_THAT(lines, HasSubstr("start r1 gemini-2.5-flash\nthinking 0 Let me see.\n"
                               "text 0 Hello from Gemini!\ncall 0.0 call_"));
  EXPECT_THAT(lines, HasSubstr(" get_weather signed c2ln\n"
                               R"(arguments 0.0 {\"city\":\"Köln\",\"days\":[1,2]})"
                               "\nfinish 0 3 STOP\nusage 10+8 cached 4 reasoning 3\nend"));
}

TEST(GeminiAnswer, AStreamIsTheSameWhereverItIsCut) {
  const std::string expected = whole(kWhole);
  for (std::size_t cut = 0; cut <= kStream.size(); ++cut) {
    ASSERT_EQ(streamed(kStream, cut), expected) << cut;
  }
}

TEST(GeminiAnswer, SeveralCandidates) {
  EXPECT_EQ(whole(R"({"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"},
    {"content":{"parts":[{"text":"b"}]},"finishReason":"MAX_TOKENS","index":1}]})"),
            "start  \ntext 0 a\ntext 1 b\nfinish 0 0 STOP\nfinish 1 2 MAX_TOKENS\n"
            "usage 0+0 cached 0 reasoning 0\nend");
}

TEST(GeminiAnswer, ABlockedPrompt) {
  constexpr std::string_view kBlocked =
      R"({"promptFeedback":{"blockReason":"SAFETY","safetyRatings":[]},)"
      R"("usageMetadata":{"promptTokenCount":7},"modelVersion":"m"})";
  const std::string expected = "start  m\nfinish 0 4 SAFETY\nusage 7+0 cached 0 reasoning 0\nend";
  EXPECT_EQ(whole(kBlocked), expected);
  EXPECT_EQ(streamed("data: " + std::string(kBlocked) + "\n\n", 3), expected);
}

TEST(GeminiAnswer, AnUnsaidFinishIsNotTold) {
  EXPECT_THAT(whole(R"({"candidates":[{"content":{"parts":[{"text":"a"}]}}]})"),
              testing::Not(HasSubstr("finish")));
}

TEST(GeminiAnswer, SourcesAndLogprobs) {
  const std::string lines =
      whole(R"({"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP",
    "groundingMetadata":{"groundingChunks":[{"web":{"uri":"https://a.test","title":"A"}}]},
    "citationMetadata":{"citationSources":[{"endIndex":1,"uri":"https://b.test"}]},
    "logprobsResult":{"chosenCandidates":[{"token":"a","logProbability":-1}]}}]})");
  EXPECT_THAT(lines, HasSubstr(R"("url":"https://a.test")"));
  EXPECT_THAT(lines, HasSubstr(R"("url":"https://b.test")"));
  EXPECT_THAT(lines, HasSubstr(R"(logprobs 0 {"content":[{"token":"a","logprob":-1,)"));
}

TEST(GeminiAnswer, StopInEveryChunkIsOneFinish) {
  const std::string stream =
      "data: "
      "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"finishReason\":\"STOP\"}]}"
      "\n\n"
      "data: "
      "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"b\"}]},\"finishReason\":\"STOP\"}]}"
      "\n\n";
  EXPECT_EQ(streamed(stream, 0),
            "start  \ntext 0 ab\nfinish 0 0 STOP\nusage 0+0 cached 0 reasoning 0\nend");
}

TEST(GeminiAnswer, AStreamThatStopsTooEarly) {
  EXPECT_THAT(
      streamed("data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}}]}\n\n", 0),
      HasSubstr("failed: the provider's stream ended without a finishReason"));
  EXPECT_THAT(streamed("", 0), HasSubstr("failed: the provider's stream ended without an answer"));
  // One of two.
  EXPECT_THAT(streamed("data: {\"candidates\":[{\"finishReason\":\"STOP\"},{\"index\":1}]}\n\n", 0),
              HasSubstr("failed: the provider's stream ended without a finishReason"));
}

TEST(GeminiAnswer, AnErrorInsideAStreamEndsIt) {
  const std::string stream =
      "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}}]}\n\n"
      "data: {\"error\":{\"code\":503,\"message\":\"overloaded\",\"status\":\"UNAVAILABLE\"}}\n\n"
      "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"b\"}]}}]}\n\n";
  EXPECT_EQ(streamed(stream, 0), "start  \ntext 0 a\nerror 503 overloaded");
}

TEST(GeminiAnswer, AnErrorInsteadOfAnAnswer) {
  EXPECT_EQ(whole(R"({"error":{"code":429,"message":"slowly"}})"), "error 429 slowly");
}

TEST(GeminiAnswer, BytesThatAreNoAnswer) {
  for (const std::string_view body : {"", "hello", "[]", R"({"candidates":[{"content":)"}) {
    EXPECT_THAT(whole(body), HasSubstr("failed: ")) << body;
  }
  EXPECT_THAT(whole("{}"), HasSubstr("failed: the provider's answer has no candidates"));
  EXPECT_THAT(streamed("data: nonsense\n\n", 0), HasSubstr("not valid JSON"));
  EXPECT_THAT(whole(R"({"candidates":[{"content":{"parts":[{"text":}]}}]})"),
              HasSubstr("not valid JSON"));
  EXPECT_THAT(streamed("data: {\"candidates\":[{}]}\n\ndata: 7\n\n", 0),
              HasSubstr("start  \nfailed: the provider's answer is not valid JSON"));
}

TEST(GeminiAnswer, AnErrorIsToldOnceWhateverComesBehindIt) {
  EXPECT_EQ(streamed("data: {\"error\":{\"code\":503,\"message\":\"x\"},\"y\":\n\n", 0),
            "error 503 x");
}

TEST(GeminiAnswer, ErrorAnswers) {
  const AnswerError error =
      make_answer_reader()->error(400, R"({"error":{"message":"invalid model"}})");
  EXPECT_EQ(error.status, 400);
  EXPECT_EQ(error.message, "invalid model");
}

}  // namespace
}  // namespace butter::dialect::gemini
