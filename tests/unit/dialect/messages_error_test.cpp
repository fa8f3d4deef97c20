#include "dialect/messages_error.h"

#include <gtest/gtest.h>

#include <string>

namespace butter::dialect {
namespace {

using Kind = AnswerError::Kind;

std::string body(std::string_view type, std::string_view message) {
  return R"({"type":"error","error":{"type":")" + std::string(type) + R"(","message":")" +
         std::string(message) + R"("},"request_id":"req_1"})";
}

TEST(MessagesError, EveryTypeHasItsKind) {
  struct Row {
    std::string_view type, message;
    int status;
    Kind kind;
  };
  constexpr Row kRows[] = {
      {"invalid_request_error", "m", 400, Kind::bad_request},
      {"invalid_request_error", "prompt is too long: 2 > 1", 400, Kind::context_length},
      {"invalid_request_error", "Your credit balance is too low", 400, Kind::quota},
      {"invalid_request_error", "Output blocked by content filtering policy", 400,
       Kind::content_filter},
      {"authentication_error", "m", 401, Kind::authentication},
      {"billing_error", "m", 402, Kind::quota},
      {"permission_error", "m", 403, Kind::permission},
      {"not_found_error", "m", 404, Kind::not_found},
      {"request_too_large", "m", 413, Kind::too_large},
      {"rate_limit_error", "m", 429, Kind::rate_limit},
      {"api_error", "m", 500, Kind::server},
      {"timeout_error", "m", 504, Kind::timeout},
      {"overloaded_error", "m", 529, Kind::overloaded}};
  for (const Row& row : kRows) {
    const std::string text = body(row.type, row.message);
    const AnswerError error = read_messages_error(row.status, text);
    EXPECT_EQ(error.kind, row.kind) << row.type << row.message;
    EXPECT_EQ(error.status, row.status);
    EXPECT_EQ(error.message, row.message);
    EXPECT_EQ(error.type, row.type);
    const AnswerError in_stream = read_messages_stream_error(text);
    EXPECT_EQ(in_stream.kind, row.kind) << row.type << row.message;
    EXPECT_EQ(in_stream.status, row.status);
  }
}

TEST(MessagesError, TheStatusSpeaksWhereTheBodyDoesNot) {
  EXPECT_EQ(read_messages_error(529, "{}").kind, Kind::overloaded);
  EXPECT_EQ(read_messages_error(503, "busy").kind, Kind::overloaded);
  EXPECT_EQ(read_messages_error(503, "busy").message, "busy");
  EXPECT_EQ(read_messages_error(418, "").kind, Kind::bad_request);
  EXPECT_EQ(read_messages_error(502, "[1]").kind, Kind::server);
  EXPECT_EQ(read_messages_error(500, "{\"a\":").message, "the provider gives no reason");
  EXPECT_EQ(read_messages_stream_error(R"({"type":"error","error":{"type":"new"}})").status, 500);
}

TEST(MessagesError, BedrockAndVertexSayItOtherwise) {
  const AnswerError bedrock = read_messages_error(400, R"({"message":"Input is too long"})");
  EXPECT_EQ(bedrock.kind, Kind::context_length);
  EXPECT_EQ(bedrock.message, "Input is too long");
  const AnswerError vertex = read_messages_error(
      429, R"({"error":{"code":429,"message":"a \"b\"","status":"RESOURCE_EXHAUSTED"}})");
  EXPECT_EQ(vertex.kind, Kind::rate_limit);
  EXPECT_EQ(vertex.message, "a \"b\"");
  EXPECT_EQ(vertex.type, "RESOURCE_EXHAUSTED");
}

TEST(MessagesError, EveryKindHasItsType) {
  struct Row {
    Kind kind;
    std::string_view type;
  };
  constexpr Row kRows[] = {{Kind::bad_request, "invalid_request_error"},
                           {Kind::context_length, "invalid_request_error"},
                           {Kind::content_filter, "invalid_request_error"},
                           {Kind::authentication, "authentication_error"},
                           {Kind::permission, "permission_error"},
                           {Kind::not_found, "not_found_error"},
                           {Kind::too_large, "request_too_large"},
                           {Kind::rate_limit, "rate_limit_error"},
                           {Kind::quota, "billing_error"},
                           {Kind::overloaded, "overloaded_error"},
                           {Kind::timeout, "timeout_error"},
                           {Kind::server, "api_error"}};
  for (const Row& row : kRows) {
    Buffer out;
    write_messages_error({.kind = row.kind, .message = "a \"b\""}, "req_1", out);
    EXPECT_EQ(out.view(), R"({"type":"error","error":{"type":")" + std::string(row.type) +
                              R"(","message":"a \"b\""},"request_id":"req_1"})");
  }
  Buffer out;
  write_messages_error({.message = "m"}, "", out);
  EXPECT_TRUE(out.view().ends_with(R"("request_id":null})"));
}

}  // namespace
}  // namespace butter::dialect
