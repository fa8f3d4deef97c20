#include "http/head.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace butter::http {
namespace {

using namespace std::string_literals;

using Kind = Framing::Kind;

// --- requests that are taken
// --------------------------------------------------------------------

struct GoodRequest {
  const char* name;
  std::string bytes;
  std::string_view target;
  Kind kind = Kind::none;
  std::uint64_t length = 0;
  bool keep_alive = true;
  bool expect_continue = false;
  friend std::ostream& operator<<(std::ostream& os, const GoodRequest& c) { return os << c.name; }
};

const std::string kGet = "GET / HTTP/1.1\r\nHost: a\r\n";
const std::string kPost = "POST /v1/x HTTP/1.1\r\nHost: a\r\n";

const GoodRequest kGoodRequests[] = {
    {.name = "plain", .bytes = kGet, .target = "/"},
    {.name = "no_blank_behind_colon", .bytes = "GET / HTTP/1.1\r\nHost:a\r\n", .target = "/"},
    {.name = "blanks_around_value", .bytes = "GET / HTTP/1.1\r\nHost: \t a \t\r\n", .target = "/"},
    {.name = "empty_value", .bytes = kGet + "X-Empty:\r\nX-Blank:   \r\n", .target = "/"},
    {.name = "tab_inside_value", .bytes = kGet + "X: a\tb\r\n", .target = "/"},
    {.name = "empty_host", .bytes = "GET / HTTP/1.1\r\nHost:\r\n", .target = "/"},
    {.name = "host_with_port", .bytes = "GET / HTTP/1.1\r\nHost: a.b-c.d:8080\r\n", .target = "/"},
    {.name = "host_in_brackets", .bytes = "GET / HTTP/1.1\r\nHost: [::1]:80\r\n", .target = "/"},
    {.name = "unknown_method", .bytes = "BREW / HTTP/1.1\r\nHost: a\r\n", .target = "/"},
    {.name = "options_asterisk", .bytes = "OPTIONS * HTTP/1.1\r\nHost: a\r\n", .target = "*"},
    {.name = "absolute_form",
     .bytes = "GET http://a.b:80/x?y=z HTTP/1.1\r\nHost: A.b:80\r\n",
     .target = "/x?y=z"},
    {.name = "absolute_form_upper_case",
     .bytes = "GET HTTPS://a/x HTTP/1.1\r\nHost: a\r\n",
     .target = "/x"},
    {.name = "absolute_form_without_path",
     .bytes = "GET http://a HTTP/1.1\r\nHost: a\r\n",
     .target = "/"},
    {.name = "odd_target_bytes",
     .bytes = "GET //a/../%zz?[x]={\"y\"}|^ HTTP/1.1\r\nHost: a\r\n",
     .target = "//a/../%zz?[x]={\"y\"}|^"},
    {.name = "content_length",
     .bytes = kPost + "Content-Length: 12\r\n",
     .target = "/v1/x",
     .kind = Kind::length,
     .length = 12},
    {.name = "content_length_zero",
     .bytes = kPost + "content-length: 0\r\n",
     .target = "/v1/x",
     .kind = Kind::length},
    {.name = "content_length_leading_zeros",
     .bytes = kPost + "content-length: 0007\r\n",
     .target = "/v1/x",
     .kind = Kind::length,
     .length = 7},
    {.name = "content_length_most",
     .bytes = kPost + "CONTENT-LENGTH: 18446744073709551615\r\n",
     .target = "/v1/x",
     .kind = Kind::length,
     .length = 18446744073709551615U},
    {.name = "chunked",
     .bytes = kPost + "Transfer-Encoding: chunked\r\n",
     .target = "/v1/x",
     .kind = Kind::chunked},
    {.name = "chunked_any_case",
     .bytes = kPost + "TRANSFER-ENCODING: Chunked\r\n",
     .target = "/v1/x",
     .kind = Kind::chunked},
    {.name = "close", .bytes = kGet + "Connection: close\r\n", .target = "/", .keep_alive = false},
    {.name = "close_in_list",
     .bytes = kGet + "Connection: x, ,\tClose ,y\r\n",
     .target = "/",
     .keep_alive = false},
    {.name = "close_in_second_field",
     .bytes = kGet + "Connection: keep-alive\r\nConnection: close\r\n",
     .target = "/",
     .keep_alive = false},
    {.name = "close_as_part_of_a_word", .bytes = kGet + "Connection: enclosed\r\n", .target = "/"},
    {.name = "http_1_0", .bytes = "GET / HTTP/1.0\r\n", .target = "/", .keep_alive = false},
    {.name = "http_1_0_keep_alive",
     .bytes = "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n",
     .target = "/"},
    {.name = "http_1_0_close_wins",
     .bytes = "GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n",
     .target = "/",
     .keep_alive = false},
    {.name = "expect_continue",
     .bytes = kPost + "Expect: 100-Continue\r\nContent-Length: 1\r\n",
     .target = "/v1/x",
     .kind = Kind::length,
     .length = 1,
     .expect_continue = true},
    {.name = "expect_in_http_1_0_is_ignored",
     .bytes = "POST / HTTP/1.0\r\nExpect: 100-continue\r\n",
     .target = "/",
     .keep_alive = false},
    {.name = "expect_something_else", .bytes = kGet + "Expect: tea\r\n", .target = "/"},
};

class RequestTaken : public testing::TestWithParam<GoodRequest> {};

TEST_P(RequestTaken, Parses) {
  const GoodRequest& c = GetParam();
  const std::string bytes = c.bytes + "\r\n";
  ASSERT_EQ(find_head_end(bytes), bytes.size());
  RequestHead head;
  ASSERT_TRUE(parse_request_head(bytes, head).has_value());
  EXPECT_EQ(head.target, c.target);
  EXPECT_EQ(head.framing.kind, c.kind);
  EXPECT_EQ(head.framing.length, c.length);
  EXPECT_EQ(head.keep_alive, c.keep_alive);
  EXPECT_EQ(head.expect_continue, c.expect_continue);
}

TEST_P(RequestTaken, AnyPrefixIsRefused) {
  const std::string bytes = GetParam().bytes + "\r\n";
  RequestHead head;
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    EXPECT_FALSE(parse_request_head(std::string(bytes, 0, n), head).has_value()) << n;
  }
}

INSTANTIATE_TEST_SUITE_P(Table, RequestTaken, testing::ValuesIn(kGoodRequests),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(RequestHead, SplitsEverything) {
  const std::string bytes =
      "POST /v1/chat?a=b?c HTTP/1.1\r\nHost: x\r\nX-One: "
      " 1 \r\nx-one: 2\r\nEmpty:\r\n\r\n";
  RequestHead head;
  ASSERT_TRUE(parse_request_head(bytes, head).has_value());
  EXPECT_EQ(head.method, "POST");
  EXPECT_EQ(head.target, "/v1/chat?a=b?c");
  EXPECT_EQ(head.path, "/v1/chat");
  EXPECT_EQ(head.query, "a=b?c");
  EXPECT_FALSE(head.http_1_0);
  ASSERT_EQ(head.fields.all().size(), 4U);
  EXPECT_EQ(head.fields.all()[1].name, "X-One");
  EXPECT_EQ(head.fields.value("X-ONE"), "1");
  EXPECT_EQ(head.fields.value("empty"), "");
}

TEST(RequestHead, EmptyQuery) {
  RequestHead head;
  ASSERT_TRUE(parse_request_head("GET /a? HTTP/1.1\r\nHost: x\r\n\r\n", head).has_value());
  EXPECT_EQ(head.path, "/a");
  EXPECT_EQ(head.query, "");
}

TEST(RequestHead, IsReusedWithoutTraces) {
  RequestHead head;
  ASSERT_TRUE(parse_request_head("POST /x?q HTTP/1.0\r\nA: b\r\nContent-Length: 5\r\n"
                                 "Connection: keep-alive\r\n\r\n",
                                 head)
                  .has_value());
  ASSERT_TRUE(parse_request_head("GET /y HTTP/1.1\r\nHost: h\r\n\r\n", head).has_value());
  EXPECT_EQ(head.method, "GET");
  EXPECT_EQ(head.query, "");
  EXPECT_FALSE(head.http_1_0);
  EXPECT_EQ(head.framing.kind, Kind::none);
  EXPECT_EQ(head.framing.length, 0U);
  EXPECT_EQ(head.fields.all().size(), 1U);
}

// --- requests that are refused
// ------------------------------------------------------------------

struct BadRequest {
  const char* name;
  std::string bytes;
  HeadError error = HeadError::malformed;
  friend std::ostream& operator<<(std::ostream& os, const BadRequest& c) { return os << c.name; }
};

const BadRequest kBadRequests[] = {
    {"empty", ""},
    {"leading_empty_line", "\r\n" + kGet},
    {"leading_blank", " " + kGet},
    {"no_target", "GET HTTP/1.1\r\nHost: a\r\n"},
    {"empty_target", "GET  HTTP/1.1\r\nHost: a\r\n"},
    {"no_version", "GET /\r\nHost: a\r\n"},
    {"two_blanks_before_version", "GET /  HTTP/1.1\r\nHost: a\r\n"},
    {"two_blanks_before_target", "GET  / HTTP/1.1\r\nHost: a\r\n"},
    {"tab_in_request_line", "GET\t/ HTTP/1.1\r\nHost: a\r\n"},
    {"blank_behind_version", "GET / HTTP/1.1 \r\nHost: a\r\n"},
    {"blank_in_target", "GET /a b HTTP/1.1\r\nHost: a\r\n"},
    {"method_not_a_token", "G@T / HTTP/1.1\r\nHost: a\r\n"},
    {"method_eight_bit", "G\xc3\x89T / HTTP/1.1\r\nHost: a\r\n"},
    {"lower_case_http", "GET / http/1.1\r\nHost: a\r\n"},
    {"version_with_two_digits", "GET / HTTP/1.10\r\nHost: a\r\n"},
    {"version_letters", "GET / HTTP/x.y\r\nHost: a\r\n"},
    {"other_protocol", "GET / ICAP/1.0\r\nHost: a\r\n"},
    {"http_0_9", "GET / HTTP/0.9\r\nHost: a\r\n", HeadError::unsupported_version},
    {"http_1_2", "GET / HTTP/1.2\r\nHost: a\r\n", HeadError::unsupported_version},
    {"http_2_preface", "PRI * HTTP/2.0\r\n", HeadError::unsupported_version},
    {"connect", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n"},
    {"connect_with_path", "CONNECT / HTTP/1.1\r\nHost: a\r\n"},
    {"authority_form", "GET a:443 HTTP/1.1\r\nHost: a:443\r\n"},
    {"relative_target", "GET v1/models HTTP/1.1\r\nHost: a\r\n"},
    {"asterisk_with_get", "GET * HTTP/1.1\r\nHost: a\r\n"},
    {"asterisk_and_more", "OPTIONS *x HTTP/1.1\r\nHost: a\r\n"},
    {"fragment_in_target", "GET /a#b HTTP/1.1\r\nHost: a\r\n"},
    {"target_eight_bit", "GET /\xc3\xa4 HTTP/1.1\r\nHost: a\r\n"},
    {"target_nul", "GET /\0 HTTP/1.1\r\nHost: a\r\n"s},
    {"target_del", "GET /\x7f HTTP/1.1\r\nHost: a\r\n"},
    {"target_escape", "GET /\x1b HTTP/1.1\r\nHost: a\r\n"},
    {"target_bare_cr", "GET /\r HTTP/1.1\r\nHost: a\r\n"},
    {"absolute_form_other_host", "GET http://b/ HTTP/1.1\r\nHost: a\r\n"},
    {"absolute_form_other_port", "GET http://a:81/ HTTP/1.1\r\nHost: a\r\n"},
    {"absolute_form_user", "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n"},
    {"absolute_form_user_in_both", "GET http://u@a/ HTTP/1.1\r\nHost: u@a\r\n"},
    {"absolute_form_no_authority", "GET http:/// HTTP/1.1\r\nHost:\r\n"},
    {"absolute_form_query_without_path", "GET http://a?x HTTP/1.1\r\nHost: a\r\n"},
    {"absolute_form_ftp", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n"},
    {"absolute_form_one_slash", "GET http:/a HTTP/1.1\r\nHost: a\r\n"},
    {"absolute_form_http_1_0_without_host", "GET http://a/ HTTP/1.0\r\n"},
    {"host_missing", "GET / HTTP/1.1\r\n"},
    {"host_twice", kGet + "Host: b\r\n"},
    {"host_twice_the_same", kGet + "hOST: a\r\n"},
    {"host_twice_http_1_0", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n"},
    {"host_list", "GET / HTTP/1.1\r\nHost: a,b\r\n"},
    {"host_with_path", "GET / HTTP/1.1\r\nHost: a/b\r\n"},
    {"host_with_user", "GET / HTTP/1.1\r\nHost: u@a\r\n"},
    {"host_with_blank", "GET / HTTP/1.1\r\nHost: a b\r\n"},
    {"host_two_ports", "GET / HTTP/1.1\r\nHost: a:1:2\r\n"},
    {"host_port_letters", "GET / HTTP/1.1\r\nHost: a:b\r\n"},
    {"host_port_only", "GET / HTTP/1.1\r\nHost: :80\r\n"},
    {"host_open_bracket", "GET / HTTP/1.1\r\nHost: [::1\r\n"},
    {"host_empty_brackets", "GET / HTTP/1.1\r\nHost: []\r\n"},
    {"host_behind_bracket", "GET / HTTP/1.1\r\nHost: [::1]x\r\n"},
    {"host_bad_bracket", "GET / HTTP/1.1\r\nHost: [a@b]\r\n"},
    {"host_eight_bit", "GET / HTTP/1.1\r\nHost: \xc3\xa4\r\n"},
    {"obs_fold_blank", kGet + "X: a\r\n b\r\n"},
    {"obs_fold_tab", kGet + "X: a\r\n\tb\r\n"},
    {"obs_fold_first_line", "GET / HTTP/1.1\r\n Host: a\r\n"},
    {"blank_before_colon", kGet + "X : a\r\n"},
    {"tab_before_colon", kGet + "X\t: a\r\n"},
    {"blank_before_colon_of_length", kPost + "Content-Length : 5\r\n"},
    {"blank_before_colon_of_coding", kPost + "Transfer-Encoding : chunked\r\n"},
    {"empty_field_name", kGet + ": a\r\n"},
    {"no_colon", kGet + "Xyz\r\n"},
    {"name_in_brackets", kGet + "(X): a\r\n"},
    {"name_with_nul", kGet + "X\0Y: a\r\n"s},
    {"name_eight_bit", kGet + "X\xc3\xa4: a\r\n"},
    {"name_quoted", kGet + "\"X\": a\r\n"},
    {"bare_lf_ends_a_line", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n"},
    {"bare_lf_ends_the_request_line", "GET / HTTP/1.1\nHost: a\r\n"},
    {"bare_lf_in_value", kGet + "X: a\nTransfer-Encoding: chunked\r\n"},
    {"bare_cr_in_value", kGet + "X: a\rTransfer-Encoding: chunked\r\n"},
    {"bare_cr_behind_request_line", "GET / HTTP/1.1\rHost: a\r\n"},
    {"cr_cr_lf", kGet + "X: a\r\r\n"},
    {"value_nul", kGet + "X: a\0b\r\n"s},
    {"value_del", kGet + "X: a\x7f\r\n"},
    {"value_bell", kGet + "X: a\x07\r\n"},
    {"value_vertical_tab", kGet + "X: a\vb\r\n"},
    {"value_form_feed", kGet + "X: a\fb\r\n"},
    {"value_eight_bit", kGet + "X: \xc3\xa4\r\n"},
    {"value_bad_byte_behind_eight", kGet + "X: 12345678\x01\r\n"},
    {"length_and_chunked", kPost + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"},
    {"chunked_and_length", kPost + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"},
    {"length_zero_and_chunked", kPost + "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n"},
    {"length_twice_differing", kPost + "Content-Length: 5\r\nContent-Length: 6\r\n"},
    {"length_twice_the_same", kPost + "Content-Length: 5\r\nContent-Length: 5\r\n"},
    {"length_list_the_same", kPost + "Content-Length: 5, 5\r\n"},
    {"length_list_differing", kPost + "Content-Length: 5,6\r\n"},
    {"length_empty", kPost + "Content-Length:\r\n"},
    {"length_plus", kPost + "Content-Length: +5\r\n"},
    {"length_minus", kPost + "Content-Length: -5\r\n"},
    {"length_minus_zero", kPost + "Content-Length: -0\r\n"},
    {"length_hexadecimal", kPost + "Content-Length: 0x5\r\n"},
    {"length_hex_digits", kPost + "Content-Length: 1f\r\n"},
    {"length_blank_inside", kPost + "Content-Length: 5 5\r\n"},
    {"length_fraction", kPost + "Content-Length: 5.0\r\n"},
    {"length_underscore", kPost + "Content-Length: 1_0\r\n"},
    {"length_quoted", kPost + "Content-Length: \"5\"\r\n"},
    {"length_overflow_by_one", kPost + "Content-Length: 18446744073709551616\r\n"},
    {"length_overflow_far", kPost + "Content-Length: 99999999999999999999999999\r\n"},
    {"chunked_http_1_0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n"},
    {"chunked_twice_in_list", kPost + "Transfer-Encoding: chunked, chunked\r\n"},
    {"chunked_twice_in_fields",
     kPost + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"},
    {"chunked_then_identity",
     kPost + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"},
    {"chunked_not_last", kPost + "Transfer-Encoding: chunked, gzip\r\n"},
    {"chunked_comma", kPost + "Transfer-Encoding: chunked,\r\n"},
    {"comma_chunked", kPost + "Transfer-Encoding: ,chunked\r\n"},
    {"chunked_parameter", kPost + "Transfer-Encoding: chunked;q=1\r\n"},
    {"chunked_quoted", kPost + "Transfer-Encoding: \"chunked\"\r\n"},
    {"chunked_vertical_tab", kPost + "Transfer-Encoding: \vchunked\r\n"},
    {"chunked_two_words", kPost + "Transfer-Encoding: x chunked\r\n"},
    {"chunked_tab_behind", kPost + "Transfer-Encoding: chunked\t\r\n"},
    {"chunked_tab_in_front", kPost + "Transfer-Encoding:\tchunked\r\n"},
    {"length_tab_behind", kPost + "Content-Length: 5\t\r\n"},
    {"length_tab_in_front", kPost + "Content-Length:\t5\r\n"},
    {"coding_empty", kPost + "Transfer-Encoding:\r\n"},
    {"coding_folded", kPost + "Transfer-Encoding:\r\n chunked\r\n"},
    {"coding_xchunked", kPost + "Transfer-Encoding: xchunked\r\n", HeadError::unsupported_coding},
    {"coding_chunkedx", kPost + "Transfer-Encoding: chunkedx\r\n", HeadError::unsupported_coding},
    {"coding_identity", kPost + "Transfer-Encoding: identity\r\n", HeadError::unsupported_coding},
    {"coding_gzip", kPost + "Transfer-Encoding: gzip\r\n", HeadError::unsupported_coding},
    {"coding_gzip_chunked", kPost + "Transfer-Encoding: gzip, chunked\r\n",
     HeadError::unsupported_coding},
};

class RequestRefused : public testing::TestWithParam<BadRequest> {};

TEST_P(RequestRefused, WithTheRightError) {
  const BadRequest& c = GetParam();
  RequestHead head;
  const auto result = parse_request_head(c.bytes + "\r\n", head);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error(), c.error);
}

INSTANTIATE_TEST_SUITE_P(Table, RequestRefused, testing::ValuesIn(kBadRequests),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(RequestHead, BytesBehindTheBlankLineAreRefused) {
  RequestHead head;
  EXPECT_FALSE(parse_request_head(kGet + "\r\nrest", head).has_value());
  EXPECT_FALSE(parse_request_head(kGet + "\r\n" + kGet + "\r\n", head).has_value());
}

TEST(RequestHead, FieldsHaveALimit) {
  const auto head_of = [](std::size_t fields) {
    std::string bytes = kGet;
    for (std::size_t i = 1; i < fields; ++i) { bytes += "X-" + std::to_string(i) + ": y\r\n"; }
    return bytes + "\r\n";
  };
  RequestHead head;
  EXPECT_TRUE(parse_request_head(head_of(Fields::kMost), head).has_value());
  EXPECT_EQ(head.fields.all().size(), Fields::kMost);
  EXPECT_EQ(parse_request_head(head_of(Fields::kMost + 1), head).error(),
            HeadError::too_many_fields);
}

// Whatever single byte is put anywhere into a head, it is never read as another
// message's framing: either the head is refused or the framing is what it was
// or is not there (another name).
TEST(RequestHead, NoInsertedByteChangesTheLength) {
  const std::string good = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nX: y\r\n\r\n";
  const std::size_t digits = good.find(": 5");
  RequestHead head;
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (unsigned byte = 0; byte < 256; ++byte) {
      std::string bytes = good;
      bytes.insert(at, 1, static_cast<char>(byte));
      if (!parse_request_head(bytes, head)) { continue; }
      const bool next_to_the_digit = at > digits && at <= digits + 3 && byte >= '0' && byte <= '9';
      if (head.framing.kind == Kind::length && !next_to_the_digit) {
        EXPECT_EQ(head.framing.length, 5U) << at << ' ' << byte;
      }
      EXPECT_NE(head.framing.kind, Kind::chunked) << at << ' ' << byte;
    }
  }
}

}  // namespace
}  // namespace butter::http
