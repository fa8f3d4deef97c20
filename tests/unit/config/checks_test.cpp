#include "config/checks.h"

#include "unit/config/support.h"

namespace butter::config {
namespace {

struct Case {
  const char* name;
  Check check;
  std::string_view text;
  std::string_view refusal;  ///< part of it; "" = accepted
  friend std::ostream& operator<<(std::ostream& os, const Case& c) { return os << c.name; }
};

using namespace std::string_view_literals;

constexpr Case kCases[] = {
    {"url_https", check_base_url, "https://api.openai.com/v1", ""},
    {"url_http_port", check_base_url, "http://127.0.0.1:8080", ""},
    {"url_scheme_in_any_case", check_base_url, "HTTPS://a.example/", ""},
    {"url_ipv6", check_base_url, "http://[::1]:80/v1", ""},
    {"url_underscore", check_base_url, "http://my_service:80", ""},
    {"url_without_scheme", check_base_url, "api.openai.com/v1", "http:// or https://"},
    {"url_empty", check_base_url, "", "http:// or https://"},
    {"url_other_scheme", check_base_url, "ftp://x", "http:// or https://"},
    {"url_without_host", check_base_url, "http:///v1", "needs a host"},
    {"url_port_too_large", check_base_url, "http://a:65536", "needs a host"},
    {"url_port_missing", check_base_url, "http://a:", "needs a host"},
    {"url_user", check_base_url, "http://u:p@a", "no user"},
    {"url_query", check_base_url, "http://a/?b", "no query"},
    {"url_fragment", check_base_url, "http://a/#b", "no query"},
    {"url_blank", check_base_url, "http://a/ b", "ASCII without blanks"},
    {"url_line_break", check_base_url, "http://a/\r\nX: y", "ASCII without blanks"},
    {"url_not_ascii", check_base_url, "http://\xc3\xa4/", "ASCII without blanks"},

    {"proxy_none", check_proxy, "", ""},
    {"proxy_port", check_proxy, "http://proxy:3128", ""},
    {"proxy_slash", check_proxy, "http://proxy:3128/", ""},
    {"proxy_password", check_proxy, "http://u:p%40@proxy:3128", ""},
    {"proxy_https", check_proxy, "https://proxy:3128", "http://"},
    {"proxy_path", check_proxy, "http://proxy:3128/x", "user:password"},
    {"proxy_control", check_proxy, "http://u\n:p@proxy:1", "user:password"},

    {"address_port", check_listen_address, ":8080", ""},
    {"address_any_port", check_listen_address, "127.0.0.1:0", ""},
    {"address_name", check_listen_address, "localhost:80", ""},
    {"address_ipv6", check_listen_address, "[::1]:80", ""},
    {"address_bare_ipv6", check_listen_address, "::1:80", "host:port"},
    {"address_no_port", check_listen_address, "localhost", "host:port"},
    {"address_bad_port", check_listen_address, ":80a", "host:port"},
    {"address_large_port", check_listen_address, ":70000", "host:port"},
    {"address_negative_port", check_listen_address, ":-1", "host:port"},
    {"address_empty", check_listen_address, "", "host:port"},

    {"server_name", check_server_address, "redis.test:6379", ""},
    {"server_ipv6", check_server_address, "[::1]:6379", ""},
    {"server_empty", check_server_address, "", ""},
    {"server_no_host", check_server_address, ":6379", "host:port"},
    {"server_no_port", check_server_address, "redis.test", "host:port"},
    {"server_port_0", check_server_address, "redis.test:0", "from 1"},

    {"header_token", check_header_name, "X-Title", ""},
    {"header_odd_token", check_header_name, "a!#$%&'*+.^_`|~9", ""},
    {"header_empty", check_header_name, "", "no header name"},
    {"header_blank", check_header_name, "a b", "no header name"},
    {"header_colon", check_header_name, "a:", "no header name"},
    {"header_framing", check_header_name, "Content-Length", "sets itself"},
    {"header_host", check_header_name, "host", "sets itself"},

    {"value_text", check_header_value, "a \xc3\xa4 b", ""},
    {"value_empty", check_header_value, "", ""},
    {"value_line_break", check_header_value, "a\r\nb: c", "line break"},
    {"value_nul", check_header_value, "a\0b"sv, "line break"},
    {"value_delete", check_header_value, "a\x7f", "line break"},

    {"file_none", check_readable, "", ""},
    {"file_readable", check_readable, BUTTER_SOURCE_DIR "/CMakeLists.txt", ""},
    {"file_missing", check_readable, "/nonexistent/ca.pem", "can be read"},
    {"file_folder", check_readable, "/", "can be read"},

    {"provider", check_provider_name, "azureopenai-x_1.eu", ""},
    {"provider_slash", check_provider_name, "a/b", "only letters"},
    {"provider_empty", check_provider_name, "", "only letters"},
    {"provider_blank", check_provider_name, "a b", "only letters"},

    {"model", check_model, "anthropic/claude 3:free", ""},
    {"model_empty", check_model, "", "empty"},
    {"model_blanks", check_model, " a", "blanks"},
    {"model_control", check_model, "a\nb", "control"},

    {"word", check_word, "2024-10-21", ""},
    {"word_query", check_word, "a&b", "word"},
    {"word_empty", check_word, "", "word"},
};

class Checks : public testing::TestWithParam<Case> {};

TEST_P(Checks, AcceptsOrSaysWhyNot) {
  const Refusal refusal = GetParam().check(GetParam().text);
  EXPECT_EQ(refusal.has_value(), !GetParam().refusal.empty()) << refusal.value_or("accepted");
  EXPECT_THAT(refusal.value_or(""), testing::HasSubstr(std::string(GetParam().refusal)));
}

INSTANTIATE_TEST_SUITE_P(Table, Checks, testing::ValuesIn(kCases), test::by_name);

}  // namespace
}  // namespace butter::config
