#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/config/support.h"

namespace butter::config {
namespace {

using test::good;
using test::mistakes;
using testing::ElementsAre;

constexpr const char* kProviders =
    "providers: {openai: {}, azureopenai: {base_url: 'https://a', api_version: '1'}}\n";

config::RateLimit limits(const std::string& settings) {
  return good(kProviders + ("plugins: {ratelimit: {" + settings + "}}")).ratelimit;
}

TEST(RateLimitTable, Callers) {
  EXPECT_FALSE(good("plugins: {}").ratelimit.enabled);
  const config::RateLimit none = good("plugins:\n  ratelimit:\n").ratelimit;
  EXPECT_TRUE(none.enabled);
  EXPECT_EQ(none.requests_per_minute, 60u);
  EXPECT_EQ(none.tokens_per_minute, 0u);
  EXPECT_EQ(none.burst, 0u);
  EXPECT_FALSE(none.redis.enabled);
  const config::RateLimit all = good(R"(
plugins:
  ratelimit:
    requests_per_minute: 5
    tokens_per_minute: 1000
    burst: 3
    per_ip: true
    per_app_key: true
    per_app_key_rpm: 7
    per_app_key_tpm: 700
    app_key_limits: {btr_1: 2}
    app_key_token_limits: {btr_1: 200}
    trusted_proxies: [10.0.0.0/8, "::1"]
)")
                                    .ratelimit;
  EXPECT_EQ(all.requests_per_minute, 5u);
  EXPECT_EQ(all.tokens_per_minute, 1000u);
  EXPECT_EQ(all.burst, 3u);
  EXPECT_TRUE(all.per_ip);
  EXPECT_TRUE(all.per_app_key);
  EXPECT_EQ(all.per_app_key_rpm, 7u);
  EXPECT_EQ(all.per_app_key_tpm, 700u);
  EXPECT_EQ(all.app_key_limits.at("btr_1"), 2u);
  EXPECT_EQ(all.app_key_token_limits.at("btr_1"), 200u);
  EXPECT_THAT(all.trusted_proxies, ElementsAre("10.0.0.0/8", "::1"));
}

TEST(RateLimitTable, OtherLimitsStandWithoutThatOfRequests) {
  EXPECT_EQ(limits("tokens_per_minute: 1000").requests_per_minute, 0u);
  EXPECT_EQ(limits("providers: {openai: {}}").requests_per_minute, 0u);
  EXPECT_EQ(limits("tokens_per_minute: 1000, requests_per_minute: 7").requests_per_minute, 7u);
  EXPECT_EQ(limits("redis: {}").requests_per_minute, 60u);
}

TEST(RateLimitTable, ProvidersAndTheirModels) {
  const RateLimit all = limits(
      "providers: {openai: {requests_per_minute: 500, tokens_per_minute: 9000, "
      "models: {gpt-4o: {tokens_per_minute: 4000}}}}");
  ASSERT_EQ(all.providers.size(), 1u);
  const ProviderLimit& openai = all.providers.at("openai");
  EXPECT_EQ(openai.all.requests_per_minute, 500u);
  EXPECT_EQ(openai.all.tokens_per_minute, 9000u);
  EXPECT_EQ(openai.models.at("gpt-4o").requests_per_minute, 0u);
  EXPECT_EQ(openai.models.at("gpt-4o").tokens_per_minute, 4000u);
}

TEST(RateLimitTable, Redis) {
  const Redis some = limits("redis:").redis;
  EXPECT_TRUE(some.enabled);
  EXPECT_EQ(some.address, "localhost:6379");
  EXPECT_EQ(some.timeout, 50ms);
  EXPECT_EQ(some.key_prefix, "butter:");
  EXPECT_FALSE(some.use_tls);
  const Redis all = limits(
                        "redis: {address: 'redis.test:6380', username: u, password: secret, db: 2, "
                        "tls: {insecure_skip_verify: false}, key_prefix: 'b:', timeout: 20ms}")
                        .redis;
  EXPECT_EQ(all.address, "redis.test:6380");
  EXPECT_EQ(all.username, "u");
  EXPECT_EQ(all.password.reveal(), "secret");
  EXPECT_EQ(all.db, 2u);
  EXPECT_TRUE(all.use_tls);
  EXPECT_EQ(all.key_prefix, "b:");
  EXPECT_EQ(all.timeout, 20ms);
  EXPECT_TRUE(limits("redis: {tls: }").redis.use_tls);
}

struct Case {
  const char* name;
  std::string_view yaml;
  std::string_view mistake;
  friend std::ostream& operator<<(std::ostream& os, const Case& c) { return os << c.name; }
};

constexpr Case kCases[] = {
    {"network", "plugins: {ratelimit: {trusted_proxies: [10.0.0.0/33]}}",
     "must be an IP address, or a network like 10.0.0.0/8"},
    {"burst", "plugins: {ratelimit: {burst: 0}}", "from 1 to 10000000"},
    {"type", "plugins: {ratelimit: {requests_per_minute: x}}",
     "plugins.ratelimit.requests_per_minute: expected an integer from 1"},
    {"tokens_zero", "plugins: {ratelimit: {tokens_per_minute: 0}}", "from 1 to 1000000000"},
    {"key_tokens_zero", "plugins: {ratelimit: {app_key_token_limits: {k: 0}}}", "from 1"},
    {"unknown_provider", "providers: {openai: {}}\nplugins: {ratelimit: {providers: {opena: {}}}}",
     "no provider \"opena\" is defined; did you mean \"openai\"?"},
    {"model_limit",
     "providers: {openai: {}}\nplugins: {ratelimit: {providers: {openai: {models: {m: "
     "{requests_per_minute: -1}}}}}}",
     "plugins.ratelimit.providers.openai.models.m"},
    {"redis_address", "plugins: {ratelimit: {redis: {address: localhost}}}", "expected host:port"},
    {"redis_timeout", "plugins: {ratelimit: {redis: {timeout: 0s}}}", "from 1ms to 1m"},
    {"redis_db", "plugins: {ratelimit: {redis: {db: -1}}}", "from 0 to 65535"},
};

class RateLimitTableRefuses : public testing::TestWithParam<Case> {};

TEST_P(RateLimitTableRefuses, WithItsPlace) {
  EXPECT_THAT(mistakes(GetParam().yaml), testing::HasSubstr(std::string(GetParam().mistake)));
}

INSTANTIATE_TEST_SUITE_P(Table, RateLimitTableRefuses, testing::ValuesIn(kCases), test::by_name);

}  // namespace
}  // namespace butter::config
