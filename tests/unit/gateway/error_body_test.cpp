#include "gateway/error_body.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <ostream>

#include "http/head_writer.h"
#include "unit/gateway/setup.h"

namespace butter::gateway {
namespace {

struct Case {
  const char* name;
  Errc code;
  int status;
  std::string_view type;
  std::string_view error_code;  ///< "" = null
  bool retry;
  std::string_view anthropic;  ///< its type
  friend std::ostream& operator<<(std::ostream& os, const Case& c) { return os << c.name; }
};

constexpr std::string_view kClient = "invalid_request_error";
constexpr std::string_view kGateway = "proxy_error";

const Case kCases[] = {
    {"bad_request", Errc::bad_request, 400, kClient, "", false, "invalid_request_error"},
    {"unauthorized", Errc::unauthorized, 403, kClient, "no_eligible_key", false,
     "permission_error"},
    {"not_found", Errc::not_found, 404, kClient, "not_found", false, "not_found_error"},
    {"unknown_model", Errc::unknown_model, 404, kClient, "model_not_found", false,
     "not_found_error"},
    {"method_not_allowed", Errc::method_not_allowed, 405, kClient, "method_not_allowed", false,
     "invalid_request_error"},
    {"request_timeout", Errc::request_timeout, 408, kClient, "request_timeout", true,
     "invalid_request_error"},
    {"body_too_large", Errc::body_too_large, 413, kClient, "request_too_large", false,
     "request_too_large"},
    {"head_too_large", Errc::head_too_large, 431, kClient, "request_head_too_large", false,
     "invalid_request_error"},
    {"rate_limited", Errc::rate_limited, 429, "rate_limit_error", "rate_limit_exceeded", true,
     "rate_limit_error"},
    {"upstream_connect", Errc::upstream_connect, 502, kGateway, "upstream_connect", true,
     "api_error"},
    {"upstream_timeout", Errc::upstream_timeout, 504, kGateway, "upstream_timeout", true,
     "timeout_error"},
    {"upstream_closed", Errc::upstream_closed, 502, kGateway, "upstream_closed", true, "api_error"},
    {"upstream_protocol", Errc::upstream_protocol, 502, kGateway, "upstream_protocol", true,
     "api_error"},
    {"upstream_status", Errc::upstream_status, 502, kGateway, "upstream_status", true, "api_error"},
    {"overloaded", Errc::overloaded, 503, kGateway, "overloaded", true, "overloaded_error"},
    {"unavailable", Errc::unavailable, 503, kGateway, "unavailable", true, "overloaded_error"},
    {"bad_config", Errc::bad_config, 500, kGateway, "internal", true, "api_error"},
    {"internal", Errc::internal, 500, kGateway, "internal", true, "api_error"},
};

simdjson::dom::element parsed(simdjson::dom::parser& parser, const std::string& body) {
  simdjson::dom::element root;
  EXPECT_EQ(parser.parse(body).get(root), simdjson::SUCCESS) << body;
  return root;
}

std::string_view text_at(simdjson::dom::element root, std::string_view pointer) {
  std::string_view text;
  EXPECT_EQ(root.at_pointer(pointer).get(text), simdjson::SUCCESS) << pointer;
  return text;
}

class ErrorBodyTest : public testing::TestWithParam<Case> {};

TEST_P(ErrorBodyTest, OpenAi) {
  const Case& c = GetParam();
  const ErrorAnswer answer = answer_for(c.code);
  EXPECT_EQ(answer.status, c.status);
  EXPECT_EQ(answer.retry, c.retry);
  simdjson::dom::parser parser;
  const std::string body = error_body(answer, "what happened", ErrorShape::openai);
  const simdjson::dom::element root = parsed(parser, body);
  EXPECT_EQ(text_at(root, "/error/message"), "what happened");
  EXPECT_EQ(text_at(root, "/error/type"), c.type);
  EXPECT_TRUE(root.at_pointer("/error/param").is_null());
  if (c.error_code.empty()) {
    EXPECT_TRUE(root.at_pointer("/error/code").is_null());
  } else {
    EXPECT_EQ(text_at(root, "/error/code"), c.error_code);
  }
}

TEST_P(ErrorBodyTest, Anthropic) {
  const Case& c = GetParam();
  simdjson::dom::parser parser;
  const std::string body = error_body(answer_for(c.code), "what happened", ErrorShape::anthropic);
  const simdjson::dom::element root = parsed(parser, body);
  EXPECT_EQ(text_at(root, "/type"), "error");
  EXPECT_EQ(text_at(root, "/error/type"), c.anthropic);
  EXPECT_EQ(text_at(root, "/error/message"), "what happened");
}

TEST_P(ErrorBodyTest, Head) {
  const Case& c = GetParam();
  for (const bool keep_alive : {true, false}) {
    Buffer out;
    write_error_head(out, answer_for(c.code), 42, keep_alive);
    http::end_head(out);
    http::ResponseHead head;
    ASSERT_TRUE(http::parse_response_head(out.view(), false, head));
    EXPECT_EQ(head.status, c.status);
    EXPECT_EQ(head.keep_alive, keep_alive);
    EXPECT_EQ(head.framing.length, 42u);
    EXPECT_EQ(head.fields.value("content-type"), "application/json");
    EXPECT_EQ(head.fields.value("x-should-retry"), c.retry ? "true" : "false");
  }
}

TEST(ErrorHead, RetryAfterIsInWholeSecondsRoundedUp) {
  const std::pair<Duration, std::string_view> rows[] = {
      {0s, ""}, {1ns, "1"}, {1s, "1"}, {1001ms, "2"}, {90s, "90"}};
  for (const auto& [wait, told] : rows) {
    ErrorAnswer answer = answer_for(Errc::unavailable);
    answer.retry_after = wait;
    Buffer out;
    write_error_head(out, answer, 2, true);
    http::end_head(out);
    http::ResponseHead head;
    ASSERT_TRUE(http::parse_response_head(out.view(), false, head));
    EXPECT_EQ(head.fields.value("retry-after"), told);
  }
}

TEST(ErrorHead, OverloadIsWorthAnotherTryInASecond) {
  EXPECT_EQ(answer_for(Errc::overloaded).retry_after, 1s);
}

INSTANTIATE_TEST_SUITE_P(All, ErrorBodyTest, testing::ValuesIn(kCases), test::name_of);

struct Message {
  const char* name;
  std::string text;
  friend std::ostream& operator<<(std::ostream& os, const Message& m) { return os << m.name; }
};

std::string all_bytes() {
  std::string out;
  for (int byte = 0; byte < 256; ++byte) { out += static_cast<char>(byte); }
  return out;
}

const Message kMessages[] = {
    {"empty", ""},
    {"quotes_and_backslashes", R"(no "model" in \n)"},
    {"control_bytes", std::string("\0\x01\x1f\t\r\n\x7f", 7)},
    {"cut_utf8", "caf\xc3"},
    {"overlong_utf8", "\xc0\xaf"},
    {"surrogate_in_utf8", "\xed\xa0\x80"},
    {"every_byte", all_bytes()},
};

class MessageTest : public testing::TestWithParam<Message> {};

TEST_P(MessageTest, AlwaysMakesValidJson) {
  for (const ErrorShape shape : {ErrorShape::openai, ErrorShape::anthropic}) {
    simdjson::dom::parser parser;
    const std::string body = error_body(answer_for(Errc::internal), GetParam().text, shape);
    const simdjson::dom::element root = parsed(parser, body);
    static_cast<void>(text_at(root, "/error/message"));
  }
}

INSTANTIATE_TEST_SUITE_P(All, MessageTest, testing::ValuesIn(kMessages), test::name_of);

TEST(ErrorBody, UnicodeStaysAsItIs) {
  EXPECT_THAT(error_body(answer_for(Errc::internal), "modèle \U0001F9C8", ErrorShape::openai),
              testing::HasSubstr("modèle \U0001F9C8"));
}

TEST(ErrorBody, MessageOfAnUpstreamsBody) {
  constexpr std::pair<std::string_view, std::string_view> kBodies[] = {
      {R"({"error":{"message":"too \"much\"","type":"x"}})", "too \"much\""},
      {R"({"type":"error","error":{"type":"x","message":"m"},"message":"outer"})", "m"},
      {R"({"message":"throttled"})", "throttled"},
      {R"({"error":"plain"})", ""},
      {"<html>", ""},
      {"", ""},
  };
  for (const auto& [body, message] : kBodies) {
    EXPECT_EQ(error_message_of(body), message) << body;
  }
}

}  // namespace
}  // namespace butter::gateway
