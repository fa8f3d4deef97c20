#include "dialect/gemini_error.h"

#include <gtest/gtest.h>

namespace butter::dialect::gemini {
namespace {

using Kind = AnswerError::Kind;

struct Row {
  int status;
  std::string_view word;
  Kind kind;
};

TEST(GeminiError, ByTheWord) {
  const Row rows[] = {{400, "INVALID_ARGUMENT", Kind::bad_request},
                      {400, "FAILED_PRECONDITION", Kind::bad_request},
                      {401, "UNAUTHENTICATED", Kind::authentication},
                      {403, "PERMISSION_DENIED", Kind::permission},
                      {404, "NOT_FOUND", Kind::not_found},
                      {429, "RESOURCE_EXHAUSTED", Kind::rate_limit},
                      {500, "INTERNAL", Kind::server},
                      {503, "UNAVAILABLE", Kind::overloaded},
                      {504, "DEADLINE_EXCEEDED", Kind::timeout}};
  for (const Row& row : rows) {
    const std::string body = R"({"error":{"code":)" + std::to_string(row.status) +
                             R"(,"message":"it \u0027is\u0027","status":")" +
                             std::string(row.word) + R"("}})";
    for (const int status : {row.status, 0}) {
      const AnswerError error = read_error(status, body);
      EXPECT_EQ(error.kind, row.kind) << row.word;
      EXPECT_EQ(error.status, row.status);
      EXPECT_EQ(error.message, "it 'is'");
      EXPECT_EQ(error.type, row.word);
      EXPECT_EQ(error.retry_after, 0U);
    }
  }
}

TEST(GeminiError, ByTheStatusWhereThereIsNoWord) {
  const AnswerError error = read_error(400, R"({"error":{"message":"invalid model"}})");
  EXPECT_EQ(error.kind, Kind::bad_request);
  EXPECT_EQ(error.status, 400);
  EXPECT_EQ(error.message, "invalid model");
  EXPECT_EQ(read_error(413, "").kind, Kind::too_large);
  EXPECT_EQ(read_error(418, "").kind, Kind::bad_request);
  EXPECT_EQ(read_error(502, "").kind, Kind::server);
}

TEST(GeminiError, AKeyThatIsNotValid) {
  const AnswerError error = read_error(
      400, R"({"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT",
      "details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID",
      "domain":"googleapis.com","metadata":{"service":"x"}}]}})");
  EXPECT_EQ(error.kind, Kind::authentication);
  EXPECT_EQ(error.status, 401);
  EXPECT_EQ(error.code, "API_KEY_INVALID");
}

TEST(GeminiError, WhenToComeBack) {
  const std::string_view body =
      R"([{"error":{"code":429,"message":"You exceeded your current quota","status":
      "RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaMetric":"m","quotaId":
      "GenerateRequestsPerMinutePerProjectPerModel"}]},{"retryDelay":"37.5s"}]}}])";
  const AnswerError error = read_error(429, body);
  EXPECT_EQ(error.kind, Kind::rate_limit);
  EXPECT_EQ(error.retry_after, 38U);
  EXPECT_EQ(read_error(429, R"({"error":{"details":[{"retryDelay":"7.000s"}]}})").retry_after, 7U);
  EXPECT_EQ(read_error(429, R"({"error":{"details":[{"retryDelay":"soon"}]}})").retry_after, 0U);
}

TEST(GeminiError, TheQuotaOfTheDay) {
  EXPECT_EQ(read_error(429, R"({"error":{"status":"RESOURCE_EXHAUSTED","details":[{"violations":[
    {"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]}]}})")
                .kind,
            Kind::quota);
}

TEST(GeminiError, TooLongAPrompt) {
  EXPECT_EQ(read_error(400, R"({"error":{"code":400,"status":"INVALID_ARGUMENT","message":
    "The input token count (9) exceeds the maximum number of tokens allowed (8)."}})")
                .kind,
            Kind::context_length);
}

TEST(GeminiError, WhateverTheBodyHolds) {
  EXPECT_EQ(read_error(502, "\r\n <html>\n").message, "<html>");
  EXPECT_EQ(read_error(502, " \n").message, "the provider gave no reason");
  EXPECT_EQ(read_error(500, "").message, "the provider gave no reason");
  EXPECT_EQ(read_error(0, "{}").status, 500);
  EXPECT_EQ(read_error(0, R"({"error":{"code":99,"status":"UNAVAILABLE"}})").status, 503);
  EXPECT_EQ(read_error(500, std::string(5000, 'x')).message.size(), 1000U);
}

}  // namespace
}  // namespace butter::dialect::gemini
