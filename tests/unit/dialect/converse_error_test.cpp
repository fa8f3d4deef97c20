#include "dialect/converse_error.h"

#include <gtest/gtest.h>

namespace butter::dialect {
namespace {

using Kind = AnswerError::Kind;

TEST(ConverseError, ByStatus) {
  const std::pair<int, std::pair<Kind, std::string_view>> rows[] = {
      {400, {Kind::bad_request, "ValidationException"}},
      {403, {Kind::permission, "AccessDeniedException"}},
      {404, {Kind::not_found, "ResourceNotFoundException"}},
      {408, {Kind::timeout, "ModelTimeoutException"}},
      {424, {Kind::server, "ModelErrorException"}},
      {429, {Kind::rate_limit, "ThrottlingException"}},
      {500, {Kind::server, "InternalServerException"}},
      {503, {Kind::overloaded, "ServiceUnavailableException"}},
      {401, {Kind::authentication, ""}},
      {413, {Kind::too_large, ""}},
      {418, {Kind::bad_request, ""}},
      {502, {Kind::server, ""}},
  };
  for (const auto& [status, expected] : rows) {
    const AnswerError error = converse_error(status, "", R"({"message":"why"})");
    EXPECT_EQ(error.kind, expected.first) << status;
    EXPECT_EQ(error.type, expected.second) << status;
    EXPECT_EQ(error.status, status);
    EXPECT_EQ(error.message, "why");
  }
}

TEST(ConverseError, ByType) {
  const AnswerError token = converse_error(
      403, "", R"({"__type":"com.amazon.coral.service#ExpiredTokenException","Message":"old"})");
  EXPECT_EQ(token.kind, Kind::authentication);
  EXPECT_EQ(token.type, "ExpiredTokenException");
  EXPECT_EQ(token.message, "old");
  const AnswerError stream = converse_error(0, "serviceUnavailableException", "{}");
  EXPECT_EQ(stream.status, 503);
  EXPECT_EQ(stream.kind, Kind::overloaded);
  EXPECT_EQ(stream.message, "ServiceUnavailableException");
  const AnswerError unknown = converse_error(0, "newException", R"({"message":"m"})");
  EXPECT_EQ(unknown.status, 500);
  EXPECT_EQ(unknown.type, "newException");
}

TEST(ConverseError, TooLongAPrompt) {
  for (const std::string_view message :
       {"Input is too long for requested model.", "prompt is too long: 210000 tokens",
        "This model's Maximum context length is 8192 tokens"}) {
    const std::string body = R"({"message":")" + std::string(message) + R"("})";
    EXPECT_EQ(converse_error(400, "", body).kind, Kind::context_length) << message;
    EXPECT_EQ(converse_error(429, "", body).kind, Kind::rate_limit) << message;
  }
}

TEST(ConverseError, WhateverTheBodyHolds) {
  for (const std::string_view body : {"", "<html>", "{", R"({"message":1})", R"(["message"])"}) {
    EXPECT_EQ(converse_error(502, "", body).message, "the provider answered with status 502")
        << body;
  }
}

}  // namespace
}  // namespace butter::dialect
