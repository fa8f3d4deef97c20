#include "dialect/chat_error.h"

#include "unit/dialect/chat_support.h"

namespace butter::dialect {
namespace {

TEST(ChatError, KindsOfBodiesAndStatuses) {
  using Kind = AnswerError::Kind;
  struct Row {
    int status;
    const char* body;
    Kind kind;
    const char* message;
  };
  const Row rows[] = {
      {400, R"({"error":{"message":"m","code":"context_length_exceeded"}})", Kind::context_length,
       "m"},
      {400, R"({"error":{"message":"m","code":"content_filter"}})", Kind::content_filter, "m"},
      {401, R"({"error":{"message":"\u00e9"}})", Kind::authentication, "\xc3\xa9"},
      {403, R"({"message":"no"})", Kind::permission, "no"},
      {404, R"({"error":"none"})", Kind::not_found, "none"},
      {429, R"({"error":{"message":"m","type":"insufficient_quota"}})", Kind::quota, "m"},
      {429, R"([{"error":{"message":"m","code":429}}])", Kind::rate_limit, "m"},
      {413, "big", Kind::too_large, "big"},
      {422, R"({"detail":[{"msg":"bad"}]})", Kind::bad_request, "bad"},
      {529, "", Kind::overloaded, ""},
      {504, "late", Kind::timeout, "late"},
      {500, "{}", Kind::server, "the provider gives no reason"}};
  for (const Row& row : rows) {
    const AnswerError error = read_chat_error(row.status, row.body);
    EXPECT_EQ(error.kind, row.kind) << row.body;
    EXPECT_EQ(error.message, row.message);
    EXPECT_EQ(error.status, row.status);
  }
}

TEST(ChatError, InAStreamTheCodeMayBeTheStatus) {
  json::Cursor openrouter(R"({"code":502,"message":"m"})");
  EXPECT_EQ(read_chat_stream_error(openrouter).status, 502);
  json::Cursor openai(R"({"type":"invalid_request_error","message":"m"})");
  EXPECT_EQ(read_chat_stream_error(openai).status, 400);
}

}  // namespace
}  // namespace butter::dialect
