#include "gateway/endpoints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <ostream>

#include "unit/gateway/setup.h"

namespace butter::gateway {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

/// An Endpoint keeps no view into its provider, so both may go.
Result<std::shared_ptr<const upstream::Endpoint>> endpoint_of(const config::Provider& config,
                                                              const Variables& variables = {}) {
  const auto provider = provider::make_provider(config);
  EXPECT_TRUE(provider) << config.base_url;
  return make_endpoint(**provider, test::environment(variables));
}

TEST(Endpoint, TakesWhatTheProviderSays) {
  config::Provider config = test::provider("up", "http://up.test:8081/v1");
  config.max_connections = 7;
  config.max_idle_connections = 3;
  config.idle_timeout = 9s;
  const auto endpoint = endpoint_of(config);
  ASSERT_TRUE(endpoint);
  EXPECT_EQ((*endpoint)->name, "up");
  EXPECT_EQ((*endpoint)->host, "up.test");
  EXPECT_EQ((*endpoint)->port, 8081);
  EXPECT_EQ((*endpoint)->max_connections, 7u);
  EXPECT_EQ((*endpoint)->max_idle, 3u);
  EXPECT_EQ((*endpoint)->idle_timeout, 9s);
  EXPECT_EQ((*endpoint)->tls, nullptr);
  EXPECT_EQ((*endpoint)->proxy, nullptr);
}

TEST(Endpoint, OfHttpsHasTls) {
  const auto endpoint = endpoint_of(test::provider("up", "https://up.test/v1"));
  ASSERT_TRUE(endpoint);
  EXPECT_NE((*endpoint)->tls, nullptr);
  EXPECT_EQ((*endpoint)->port, 443);
}

TEST(Endpoint, AMissingCertificateFileIsAnError) {
  config::Provider config = test::provider("up", "https://up.test/v1");
  config.tls.ca_file = "/nowhere/ca.pem";
  const auto endpoint = endpoint_of(config);
  ASSERT_FALSE(endpoint);
  EXPECT_EQ(endpoint.error().code, Errc::bad_config);
  EXPECT_THAT(endpoint.error().detail, testing::HasSubstr("/nowhere/ca.pem"));
}

struct ProxyUrl {
  const char* name;
  std::string url;
  std::string host;  ///< "" = refused
  int port = 0;
  std::string authorization = "";
  friend std::ostream& operator<<(std::ostream& os, const ProxyUrl& c) { return os << c.name; }
};

const ProxyUrl kProxyUrls[] = {
    {"plain", "http://proxy.test:3128", "proxy.test", 3128},
    {"no_scheme", "proxy.test:3128", "proxy.test", 3128},
    {"trailing_slash", "http://proxy.test:3128/", "proxy.test", 3128},
    {"no_port", "http://proxy.test", "proxy.test", 80},
    {"ipv6", "http://[::1]:3128", "::1", 3128},
    {"user", "http://user:pass@proxy.test:1", "proxy.test", 1, "Basic dXNlcjpwYXNz"},
    {"user_without_scheme", "user:pass@proxy.test:1", "proxy.test", 1, "Basic dXNlcjpwYXNz"},
    {"user_only", "http://user@proxy.test:1", "proxy.test", 1, "Basic dXNlcg=="},
    {"escaped", "http://u%40x:p%3Aw%2F@proxy.test:1", "proxy.test", 1, "Basic dUB4OnA6dy8="},
    {"not_an_escape", "http://u:100%@proxy.test:1", "proxy.test", 1, "Basic dToxMDAl"},
    {"at_in_the_password", "http://u:p@ss@proxy.test:1", "proxy.test", 1, "Basic dTpwQHNz"},
    {"long_authorization", "http://abc:de@proxy.test:1", "proxy.test", 1, "Basic YWJjOmRl"},
    {"https_proxy", "https://proxy.test:1", ""},
    {"socks", "socks5://secret:word@proxy.test:1", ""},
    {"bad_port", "http://secret:word@proxy.test:99999", ""},
    {"nothing", "http://", ""},
};

class ProxyUrlTest : public testing::TestWithParam<ProxyUrl> {};

TEST_P(ProxyUrlTest, IsRead) {
  const ProxyUrl& c = GetParam();
  config::Provider config = test::provider("up");
  config.proxy = c.url;
  const auto endpoint = endpoint_of(config);
  if (c.host.empty()) {
    ASSERT_FALSE(endpoint);
    EXPECT_EQ(endpoint.error().code, Errc::bad_config);
    EXPECT_THAT(endpoint.error().detail, testing::Not(testing::HasSubstr("secret")));
    return;
  }
  ASSERT_TRUE(endpoint) << endpoint.error().detail;
  ASSERT_NE((*endpoint)->proxy, nullptr);
  EXPECT_EQ((*endpoint)->proxy->host, c.host);
  EXPECT_EQ((*endpoint)->proxy->port, c.port);
  EXPECT_EQ((*endpoint)->proxy->authorization, c.authorization);
}

INSTANTIATE_TEST_SUITE_P(All, ProxyUrlTest, testing::ValuesIn(kProxyUrls), test::name_of);

struct Chosen {
  const char* name;
  std::string base_url;
  Variables variables;
  std::string proxy;  ///< host of the one that is used; "" = none
  friend std::ostream& operator<<(std::ostream& os, const Chosen& c) { return os << c.name; }
};

const Chosen kChosen[] = {
    {"none", "http://up.test", {}, ""},
    {"http", "http://up.test", {{"HTTP_PROXY", "http://a:1"}, {"HTTPS_PROXY", "http://b:1"}}, "a"},
    {"https",
     "https://up.test",
     {{"HTTP_PROXY", "http://a:1"}, {"HTTPS_PROXY", "http://b:1"}},
     "b"},
    {"lower_case_first", "http://up.test", {{"HTTP_PROXY", "a:1"}, {"http_proxy", "c:1"}}, "c"},
    {"empty_is_not_set", "http://up.test", {{"http_proxy", ""}, {"HTTP_PROXY", "a:1"}}, "a"},
    {"other_scheme", "https://up.test", {{"HTTP_PROXY", "a:1"}}, ""},
    {"exempt", "http://up.test", {{"HTTP_PROXY", "a:1"}, {"NO_PROXY", "x.test, up.test"}}, ""},
    {"exempt_lower", "http://up.test", {{"HTTP_PROXY", "a:1"}, {"no_proxy", "up.test"}}, ""},
    {"not_exempt", "http://up.test", {{"HTTP_PROXY", "a:1"}, {"NO_PROXY", "p.test"}}, "a"},
    {"localhost", "http://localhost:1", {{"HTTP_PROXY", "a:1"}}, ""},
    {"loopback", "http://127.0.0.9:1", {{"HTTP_PROXY", "a:1"}}, ""},
    {"loopback_6", "http://[::1]:1", {{"HTTP_PROXY", "a:1"}}, ""},
};

class ChosenTest : public testing::TestWithParam<Chosen> {};

TEST_P(ChosenTest, ByTheEnvironment) {
  const Chosen& c = GetParam();
  const auto endpoint = endpoint_of(test::provider("up", c.base_url), c.variables);
  ASSERT_TRUE(endpoint);
  const upstream::Proxy* const proxy = (*endpoint)->proxy.get();
  EXPECT_EQ(proxy != nullptr ? proxy->host : "", c.proxy);
}

INSTANTIATE_TEST_SUITE_P(All, ChosenTest, testing::ValuesIn(kChosen), test::name_of);

TEST(Endpoint, TheProvidersProxyWinsOverTheEnvironment) {
  config::Provider config = test::provider("up", "http://127.0.0.1:1");
  config.proxy = "http://own.test:1";
  const auto endpoint = endpoint_of(config, {{"HTTP_PROXY", "a:1"}, {"NO_PROXY", "*"}});
  ASSERT_TRUE(endpoint);
  ASSERT_NE((*endpoint)->proxy, nullptr);
  EXPECT_EQ((*endpoint)->proxy->host, "own.test");
}

struct Exempt {
  std::string_view list;
  std::string_view host;
  bool exempt;
};

const Exempt kExempt[] = {
    {"", "up.test", false},
    {"*", "up.test", true},
    {"up.test", "up.test", true},
    {"UP.Test", "up.tEST", true},
    {"up.test", "a.up.test", true},
    {".up.test", "a.up.test", true},
    {".up.test", "up.test", true},
    {"up.test", "setup.test", false},
    {"a.up.test", "up.test", false},
    {"x.test,up.test", "up.test", true},
    {" x.test , up.test ", "up.test", true},
    {"x.test,,y.test,", "up.test", false},
    {"x.test, *", "up.test", true},
    {".", "up.test", false},
    {"10.0.0.1", "10.0.0.1", true},
    {"10.0.0.1", "110.0.0.1", false},
};

TEST(NoProxy, NamesMatchThemselvesAndWhatIsBelow) {
  for (const Exempt& row : kExempt) {
    EXPECT_EQ(is_exempt(row.list, row.host), row.exempt) << row.list << " / " << row.host;
  }
}

struct Change {
  const char* name;
  std::function<void(config::Provider&)> make;
  bool same_connections;
};

const Change kChanges[] = {
    {"nothing", [](config::Provider&) {}, true},
    {"keys", [](config::Provider& p) { p.keys.push_back({.key = Secret("k"), .models = {}}); },
     true},
    {"timeouts", [](config::Provider& p) { p.timeouts.total = 1s; }, true},
    {"headers", [](config::Provider& p) { p.headers = {{"a", "b"}}; }, true},
    {"path", [](config::Provider& p) { p.base_url = "https://up.test/v2"; }, true},
    {"name", [](config::Provider& p) { p.name = "other"; }, false},
    {"host", [](config::Provider& p) { p.base_url = "https://down.test/v1"; }, false},
    {"port", [](config::Provider& p) { p.base_url = "https://up.test:444/v1"; }, false},
    {"scheme", [](config::Provider& p) { p.base_url = "http://up.test:443/v1"; }, false},
    {"trust", [](config::Provider& p) { p.tls.insecure_skip_verify = true; }, false},
    {"proxy", [](config::Provider& p) { p.proxy = "http://a.test:1"; }, false},
    {"max_in_flight", [](config::Provider& p) { p.max_in_flight = 1; }, false},
    {"max_queued", [](config::Provider& p) { p.max_queued = 1; }, false},
    {"queue_timeout", [](config::Provider& p) { p.queue_timeout = 1s; }, false},
    {"max_connections", [](config::Provider& p) { p.max_connections = 1; }, false},
    {"max_idle", [](config::Provider& p) { p.max_idle_connections = 1; }, false},
    {"idle_timeout", [](config::Provider& p) { p.idle_timeout = 1s; }, false},
};

TEST(Endpoint, HasAGateWhereThereIsACap) {
  config::Provider provider = test::provider("up", "https://up.test/v1");
  EXPECT_EQ((*endpoint_of(provider))->gate, nullptr);
  provider.max_in_flight = 7;
  provider.max_queued = 8;
  provider.queue_timeout = 9s;
  const auto endpoint = *endpoint_of(provider);
  EXPECT_NE(endpoint->gate, nullptr);
  EXPECT_EQ(endpoint->max_in_flight, 7u);
  EXPECT_EQ(endpoint->max_queued, 8u);
  EXPECT_EQ(endpoint->queue_timeout, 9s);
}

TEST(Endpoint, TheIdSaysWhichConnectionsMayBeShared) {
  const config::Provider before = test::provider("up", "https://up.test/v1");
  const std::string id = (*endpoint_of(before))->id;
  for (const Change& change : kChanges) {
    config::Provider after = before;
    change.make(after);
    EXPECT_EQ((*endpoint_of(after))->id == id, change.same_connections) << change.name;
  }
}

}  // namespace
}  // namespace butter::gateway
