#include "http/head.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace butter::http {
namespace {

using namespace std::string_literals;

using Kind = Framing::Kind;

struct GoodResponse {
  const char* name;
  std::string bytes;
  std::uint16_t status;
  std::string_view reason;
  Kind kind = Kind::none;
  std::uint64_t length = 0;
  bool keep_alive = true;
  bool to_head = false;
  friend std::ostream& operator<<(std::ostream& os, const GoodResponse& c) { return os << c.name; }
};

const GoodResponse kGoodResponses[] = {
    {.name = "length",
     .bytes = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n",
     .status = 200,
     .reason = "OK",
     .kind = Kind::length,
     .length = 2},
    {.name = "chunked",
     .bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n",
     .status = 200,
     .reason = "OK",
     .kind = Kind::chunked},
    {.name = "until_close",
     .bytes = "HTTP/1.1 200 OK\r\n",
     .status = 200,
     .reason = "OK",
     .kind = Kind::until_close,
     .keep_alive = false},
    {.name = "http_1_0_until_close",
     .bytes = "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n",
     .status = 200,
     .reason = "OK",
     .kind = Kind::until_close,
     .keep_alive = false},
    {.name = "http_1_0_keep_alive",
     .bytes = "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n",
     .status = 200,
     .reason = "OK",
     .kind = Kind::length},
    {.name = "http_1_0_length",
     .bytes = "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n",
     .status = 200,
     .reason = "OK",
     .kind = Kind::length,
     .keep_alive = false},
    {.name = "no_reason",
     .bytes = "HTTP/1.1 429 \r\nContent-Length: 0\r\n",
     .status = 429,
     .reason = "",
     .kind = Kind::length},
    {.name = "no_reason_no_blank",
     .bytes = "HTTP/1.1 429\r\nContent-Length: 0\r\n",
     .status = 429,
     .reason = "",
     .kind = Kind::length},
    {.name = "reason_with_obs_text",
     .bytes = "HTTP/1.1 599 d\xc3\xa9sol\xc3\xa9 a\tb\r\nContent-Length: 0\r\n",
     .status = 599,
     .reason = "d\xc3\xa9sol\xc3\xa9 a\tb",
     .kind = Kind::length},
    {.name = "value_with_obs_text",
     .bytes = "HTTP/1.1 200 OK\r\nX: \xff\xc3\xa4 b\r\nContent-Length: 0\r\n",
     .status = 200,
     .reason = "OK",
     .kind = Kind::length},
    {.name = "continue", .bytes = "HTTP/1.1 100 Continue\r\n", .status = 100, .reason = "Continue"},
    {.name = "early_hints",
     .bytes = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n",
     .status = 103,
     .reason = "Early Hints"},
    {.name = "no_content",
     .bytes = "HTTP/1.1 204 No Content\r\n",
     .status = 204,
     .reason = "No Content"},
    {.name = "no_content_length_zero",
     .bytes = "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n",
     .status = 204,
     .reason = "No Content"},
    {.name = "no_content_that_names_a_length",
     .bytes = "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n",
     .status = 204,
     .reason = "No Content",
     .keep_alive = false},
    {.name = "no_content_chunked",
     .bytes = "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n",
     .status = 204,
     .reason = "No Content",
     .keep_alive = false},
    {.name = "not_modified_with_length",
     .bytes = "HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n",
     .status = 304,
     .reason = "Not Modified"},
    {.name = "answer_to_head",
     .bytes = "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n",
     .status = 200,
     .reason = "OK",
     .to_head = true},
    {.name = "answer_to_head_chunked",
     .bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n",
     .status = 200,
     .reason = "OK",
     .to_head = true},
    {.name = "answer_to_head_without_length",
     .bytes = "HTTP/1.1 200 OK\r\n",
     .status = 200,
     .reason = "OK",
     .to_head = true},
    {.name = "close",
     .bytes = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n",
     .status = 200,
     .reason = "OK",
     .kind = Kind::length,
     .length = 1,
     .keep_alive = false},
    {.name = "host_is_nothing_here",
     .bytes = "HTTP/1.1 200 OK\r\nHost: @@@\r\nHost: b\r\nContent-Length: 0\r\n",
     .status = 200,
     .reason = "OK",
     .kind = Kind::length},
};

class ResponseTaken : public testing::TestWithParam<GoodResponse> {};

TEST_P(ResponseTaken, Parses) {
  const GoodResponse& c = GetParam();
  ResponseHead head;
  const std::string bytes = c.bytes + "\r\n";
  ASSERT_TRUE(parse_response_head(bytes, c.to_head, head).has_value());
  EXPECT_EQ(head.status, c.status);
  EXPECT_EQ(head.reason, c.reason);
  EXPECT_EQ(head.framing.kind, c.kind);
  EXPECT_EQ(head.framing.length, c.length);
  EXPECT_EQ(head.keep_alive, c.keep_alive);
  EXPECT_EQ(head.http_1_0, c.bytes.starts_with("HTTP/1.0"));
}

INSTANTIATE_TEST_SUITE_P(Table, ResponseTaken, testing::ValuesIn(kGoodResponses),
                         [](const auto& row) { return std::string(row.param.name); });

struct BadResponse {
  const char* name;
  std::string bytes;
  HeadError error = HeadError::malformed;
  friend std::ostream& operator<<(std::ostream& os, const BadResponse& c) { return os << c.name; }
};

const std::string kOk = "HTTP/1.1 200 OK\r\n";

const BadResponse kBadResponses[] = {
    {"empty", ""},
    {"not_http", "ICY 200 OK\r\n"},
    {"short_line", "HTTP/1.1 20\r\n"},
    {"two_digits", "HTTP/1.1 20 OK\r\n"},
    {"four_digits", "HTTP/1.1 2000 OK\r\n"},
    {"status_letters", "HTTP/1.1 2x0 OK\r\n"},
    {"status_zero", "HTTP/1.1 000 OK\r\n"},
    {"status_099", "HTTP/1.1 099 OK\r\n"},
    {"status_600", "HTTP/1.1 600 OK\r\n"},
    {"status_signed", "HTTP/1.1 -20 OK\r\n"},
    {"two_blanks", "HTTP/1.1  200 OK\r\n"},
    {"tab", "HTTP/1.1\t200 OK\r\n"},
    {"text_behind_status", "HTTP/1.1 200OK\r\n"},
    {"reason_nul", "HTTP/1.1 200 O\0K\r\n"s},
    {"reason_del", "HTTP/1.1 200 O\x7f\r\n"},
    {"reason_bare_cr", "HTTP/1.1 200 O\rK\r\n"},
    {"reason_bare_lf", "HTTP/1.1 200 O\nK\r\n"},
    {"bare_lf", "HTTP/1.1 200 OK\nX: y\r\n"},
    {"http_2", "HTTP/2.0 200 OK\r\n", HeadError::unsupported_version},
    {"http_0_9", "HTTP/0.9 200 OK\r\n", HeadError::unsupported_version},
    {"obs_fold", kOk + "X: a\r\n b\r\n"},
    {"blank_before_colon", kOk + "X : a\r\n"},
    {"value_nul", kOk + "X: \0\r\n"s},
    {"name_eight_bit", kOk + "\xc3\xa4: a\r\n"},
    {"length_and_chunked", kOk + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"},
    {"length_twice", kOk + "Content-Length: 5\r\nContent-Length: 5\r\n"},
    {"length_list", kOk + "Content-Length: 5, 5\r\n"},
    {"length_minus", kOk + "Content-Length: -1\r\n"},
    {"chunked_http_1_0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n"},
    {"chunked_twice", kOk + "Transfer-Encoding: chunked, chunked\r\n"},
    {"coding_gzip_chunked", kOk + "Transfer-Encoding: gzip, chunked\r\n",
     HeadError::unsupported_coding},
    {"continue_with_length", "HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n"},
    {"continue_chunked", "HTTP/1.1 100 Continue\r\nTransfer-Encoding: chunked\r\n"},
};

class ResponseRefused : public testing::TestWithParam<BadResponse> {};

TEST_P(ResponseRefused, WithTheRightError) {
  const BadResponse& c = GetParam();
  ResponseHead head;
  const auto result = parse_response_head(c.bytes + "\r\n", false, head);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error(), c.error);
}

INSTANTIATE_TEST_SUITE_P(Table, ResponseRefused, testing::ValuesIn(kBadResponses),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace butter::http
