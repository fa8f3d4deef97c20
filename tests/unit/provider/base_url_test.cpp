#include "provider/base_url.h"

#include <gtest/gtest.h>

#include <ostream>

#include "unit/provider/names.h"

namespace butter::provider {
namespace {

struct Good {
  const char* name;
  std::string_view url;
  bool tls;
  std::string_view host;
  int port;
  std::string_view path;
  std::string_view host_header;
  friend std::ostream& operator<<(std::ostream& os, const Good& g) { return os << g.url; }
};

constexpr Good kGood[] = {
    {"plain", "https://api.openai.com/v1", true, "api.openai.com", 443, "/v1", "api.openai.com"},
    {"no_path", "http://localhost", false, "localhost", 80, "", "localhost"},
    {"root", "http://localhost/", false, "localhost", 80, "", "localhost"},
    {"port", "http://localhost:11434/v1", false, "localhost", 11434, "/v1", "localhost:11434"},
    {"usual_port_is_not_said", "https://h:443/v1", true, "h", 443, "/v1", "h"},
    {"other_schemes_port_is_said", "http://h:443", false, "h", 443, "", "h:443"},
    {"trailing_slashes", "https://h/a/b//", true, "h", 443, "/a/b", "h"},
    {"scheme_in_capitals", "HTTPS://h/v1", true, "h", 443, "/v1", "h"},
    {"ipv4", "http://127.0.0.1:9", false, "127.0.0.1", 9, "", "127.0.0.1:9"},
    {"ipv6", "http://[::1]:8080/v1", false, "::1", 8080, "/v1", "[::1]:8080"},
    {"ipv6_without_port", "https://[2001:db8::7]", true, "2001:db8::7", 443, "", "[2001:db8::7]"},
    {"deployment", "https://x.openai.azure.com/openai/deployments/d%20e", true,
     "x.openai.azure.com", 443, "/openai/deployments/d%20e", "x.openai.azure.com"},
    {"underscore", "http://my_service:80/v1", false, "my_service", 80, "/v1", "my_service"},
    {"at_in_the_path", "http://h/@x", false, "h", 80, "/@x", "h"},
    {"colon_in_the_path", "http://h/a:b", false, "h", 80, "/a:b", "h"},
    {"highest_port", "http://h:65535", false, "h", 65535, "", "h:65535"},
};

class BaseUrlGood : public testing::TestWithParam<Good> {};

TEST_P(BaseUrlGood, Parses) {
  const Result<BaseUrl> url = BaseUrl::parse(GetParam().url);
  ASSERT_TRUE(url) << url.error().detail;
  EXPECT_EQ(url->tls, GetParam().tls);
  EXPECT_EQ(url->host, GetParam().host);
  EXPECT_EQ(url->port, GetParam().port);
  EXPECT_EQ(url->path, GetParam().path);
  EXPECT_EQ(url->host_header, GetParam().host_header);
}

INSTANTIATE_TEST_SUITE_P(Table, BaseUrlGood, testing::ValuesIn(kGood), test::name_of);

struct Bad {
  const char* name;
  std::string_view url;
  std::string_view what;
  friend std::ostream& operator<<(std::ostream& os, const Bad& b) { return os << b.url; }
};

constexpr Bad kBad[] = {
    {"empty", "", "must begin with http:// or https://"},
    {"no_scheme", "api.openai.com/v1", "must begin with http:// or https://"},
    {"other_scheme", "ftp://h", "must begin with http:// or https://"},
    {"one_slash", "https:/h", "must begin with http:// or https://"},
    {"no_host", "https:///v1", "no host"},
    {"only_a_port", "https://:80", "no host"},
    {"blank", "https://a b", "holds a blank, control or non-ASCII character"},
    {"line_end", "https://h/v1\r\nX: y", "holds a blank, control or non-ASCII character"},
    {"umlaut", "https://\xc3\xa4.de", "holds a blank, control or non-ASCII character"},
    {"query", "https://h/v1?a=b", "must have neither a query nor a fragment"},
    {"fragment", "https://h/v1#a", "must have neither a query nor a fragment"},
    {"port_zero", "https://h:0", "the port is not a number from 1 to 65535"},
    {"port_too_high", "https://h:65536", "the port is not a number from 1 to 65535"},
    {"port_empty", "https://h:/v1", "the port is not a number from 1 to 65535"},
    {"port_text", "https://h:80a", "the port is not a number from 1 to 65535"},
    {"port_sign", "https://h:+80", "the port is not a number from 1 to 65535"},
    {"ipv6_open", "https://[::1", "the IPv6 address lacks its ']'"},
    {"ipv6_wrong", "https://[::g]", "not an IPv6 address between the brackets"},
    {"ipv6_then_text", "https://[::1]x", "something other than a port after the host"},
    {"ipv6_without_brackets", "https://::1/", "no host"},
    {"host_with_star", "https://*.h", "not a host name"},
};

class BaseUrlBad : public testing::TestWithParam<Bad> {};

TEST_P(BaseUrlBad, SaysWhy) {
  const Result<BaseUrl> url = BaseUrl::parse(GetParam().url);
  ASSERT_FALSE(url);
  EXPECT_EQ(url.error().code, Errc::bad_config);
  EXPECT_TRUE(url.error().detail.starts_with("base_url ")) << url.error().detail;
  EXPECT_TRUE(url.error().detail.ends_with(GetParam().what)) << url.error().detail;
}

INSTANTIATE_TEST_SUITE_P(Table, BaseUrlBad, testing::ValuesIn(kBad), test::name_of);

TEST(BaseUrl, APasswordIsNotRepeated) {
  const Result<BaseUrl> url = BaseUrl::parse("https://me:hunter2@h/v1");
  ASSERT_FALSE(url);
  EXPECT_EQ(url.error().detail, "base_url must not hold a user name or password; use keys");
}

}  // namespace
}  // namespace butter::provider
