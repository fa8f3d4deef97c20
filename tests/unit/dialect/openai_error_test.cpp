#include "dialect/openai_error.h"

#include <gtest/gtest.h>

namespace butter::dialect {
namespace {

std::string body(AnswerError::Kind kind) {
  Buffer out;
  write_openai_error({.kind = kind, .status = 400, .message = "no \"luck\""}, "req_1", out);
  return std::string(out.view());
}

TEST(OpenaiError, HasTheWordsThatTheSdksKnow) {
  using Kind = AnswerError::Kind;
  EXPECT_EQ(body(Kind::rate_limit), R"({"error":{"message":"no \"luck\"",)"
                                    R"("type":"rate_limit_error","param":null,)"
                                    R"("code":"rate_limit_exceeded"}})");
  constexpr struct {
    Kind kind;
    std::string_view type, code;
  } kRows[] = {
      {Kind::bad_request, "invalid_request_error", "null"},
      {Kind::context_length, "invalid_request_error", "\"context_length_exceeded\""},
      {Kind::content_filter, "invalid_request_error", "\"content_filter\""},
      {Kind::authentication, "authentication_error", "\"invalid_api_key\""},
      {Kind::permission, "permission_error", "null"},
      {Kind::not_found, "invalid_request_error", "\"model_not_found\""},
      {Kind::too_large, "invalid_request_error", "\"request_too_large\""},
      {Kind::quota, "insufficient_quota", "\"insufficient_quota\""},
      {Kind::overloaded, "server_error", "\"overloaded\""},
      {Kind::timeout, "timeout_error", "\"timeout\""},
      {Kind::server, "server_error", "null"},
  };
  for (const auto& row : kRows) {
    const std::string end = "\"type\":\"" + std::string(row.type) +
                            "\",\"param\":null,\"code\":" + std::string(row.code) + "}}";
    EXPECT_TRUE(body(row.kind).ends_with(end)) << body(row.kind);
  }
}

}  // namespace
}  // namespace butter::dialect
