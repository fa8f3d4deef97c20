#include "unit/config/support.h"

namespace butter::config {
namespace {

using test::good;
using test::mistakes;
using testing::ElementsAre;
using testing::HasSubstr;

Routing routing(std::string_view yaml) {
  return good("providers: {openai: , groq: }\nrouting: " + std::string(yaml)).routing;
}

TEST(RoutingTable, Defaults) {
  const Routing r = routing("{}");
  EXPECT_EQ(r.default_provider, "");
  EXPECT_FALSE(r.failover.enabled);
  EXPECT_EQ(r.failover.max_retries, 3u);
  EXPECT_THAT(r.failover.retry_on, ElementsAre(429, 500, 502, 503, 504));
  EXPECT_EQ(r.failover.backoff.initial, 100ms);
  EXPECT_EQ(r.failover.backoff.multiplier, 2);
  EXPECT_EQ(r.failover.backoff.max, 5s);
  EXPECT_TRUE(r.breaker.enabled);
}

TEST(RoutingTable, Everything) {
  const Routing r = routing(R"(
  default_provider: groq
  models:
    gpt-4.1:
      providers: [openai, {provider: groq, model: llama, weight: 3}, {name: openai, weight: 0}]
      strategy: weighted
    empty: {providers: []}
  failover:
    enabled: true
    max_retries: 0
    retry_on: [408]
    backoff: {initial: 1ms, multiplier: 1.5, max: 2s, jitter: 0}
    max_retry_after: 1m
  breaker: {enabled: false, failures: 2, open_for: 3s}
)");
  EXPECT_EQ(r.default_provider, "groq");
  ASSERT_EQ(r.models.size(), 2u);
  const Route& route = r.models[0];
  EXPECT_EQ(route.model, "gpt-4.1");
  EXPECT_EQ(route.strategy, Strategy::weighted);
  ASSERT_EQ(route.providers.size(), 3u);
  EXPECT_EQ(route.providers[0].provider, "openai");
  EXPECT_EQ(route.providers[0].model, "");
  EXPECT_EQ(route.providers[0].weight, 1);
  EXPECT_EQ(route.providers[1].provider, "groq");
  EXPECT_EQ(route.providers[1].model, "llama");
  EXPECT_EQ(route.providers[1].weight, 3);
  EXPECT_EQ(route.providers[2].provider, "openai");
  EXPECT_TRUE(r.models[1].providers.empty());
  EXPECT_EQ(r.failover.max_retries, 0u);
  EXPECT_THAT(r.failover.retry_on, ElementsAre(408));
  EXPECT_EQ(r.failover.backoff.initial, 1ms);
  EXPECT_EQ(r.failover.backoff.multiplier, 1.5);
  EXPECT_EQ(r.failover.backoff.max, 2s);
  EXPECT_EQ(r.failover.backoff.jitter, 0);
  EXPECT_EQ(r.failover.max_retry_after, 1min);
  EXPECT_FALSE(r.breaker.enabled);
  EXPECT_EQ(r.breaker.failures, 2u);
  EXPECT_EQ(r.breaker.open_for, 3s);
}

struct StrategyCase {
  const char* name;
  const char* word;
  Strategy strategy;
  friend std::ostream& operator<<(std::ostream& os, const StrategyCase& c) { return os << c.name; }
};

constexpr StrategyCase kStrategies[] = {
    {"priority", "priority", Strategy::priority},
    {"round_robin", "round_robin", Strategy::round_robin},
    {"round_robin_with_a_dash", "round-robin", Strategy::round_robin},
    {"weighted", "weighted", Strategy::weighted},
    {"least_latency", "least_latency", Strategy::least_latency},
};

class RoutingStrategy : public testing::TestWithParam<StrategyCase> {};

TEST_P(RoutingStrategy, ByItsName) {
  const Routing r =
      routing("{models: {m: {strategy: " + std::string(GetParam().word) + ", providers: [groq]}}}");
  EXPECT_EQ(r.models.at(0).strategy, GetParam().strategy);
}

INSTANTIATE_TEST_SUITE_P(Table, RoutingStrategy, testing::ValuesIn(kStrategies), test::by_name);

TEST(RoutingTable, WeightsOfZeroAreAWarning) {
  EXPECT_THAT(good("providers: {groq: }\nrouting: {models: {m: {strategy: weighted, providers: "
                   "[{provider: groq, weight: 0}]}}}")
                  .warnings,
              ElementsAre(HasSubstr("routing.models.m.providers: all weights are 0")));
}

struct Case {
  const char* name;
  std::string_view routing;
  std::string_view mistake;
  friend std::ostream& operator<<(std::ostream& os, const Case& c) { return os << c.name; }
};

constexpr Case kCases[] = {
    {"undefined_default", "{default_provider: grok}",
     "c.yaml:2:29: routing.default_provider: no provider \"grok\" is defined; did you mean "
     "\"groq\"?"},
    {"known_but_undefined", "{default_provider: mistral}", "no provider \"mistral\" is defined"},
    {"undefined_in_route", "{models: {m: {providers: [groq, x]}}}",
     "c.yaml:2:42: routing.models.m.providers[1].provider: no provider \"x\" is defined"},
    {"undefined_by_name", "{models: {m: {providers: [{name: x}]}}}",
     "routing.models.m.providers[0].name: no provider \"x\" is defined"},
    {"target_without_provider", "{models: {m: {providers: [{model: x}]}}}",
     "routing.models.m.providers[0].provider: mandatory"},
    {"target_with_both", "{models: {m: {providers: [{name: groq, provider: groq}]}}}", "not both"},
    {"negative_weight", "{models: {m: {providers: [{name: groq, weight: -1}]}}}",
     "expected a number from 0 to 1000000000, got \"-1\""},
    {"bad_strategy", "{models: {m: {strategy: random}}}",
     "routing.models.m.strategy: expected one of priority, round_robin"},
    {"providers_not_a_list", "{models: {m: {providers: groq}}}", "expected a list, got \"groq\""},
    {"too_many_retries", "{failover: {max_retries: 11}}", "an integer from 0 to 10, got \"11\""},
    {"negative_retries", "{failover: {max_retries: -1}}", "an integer from 0 to 10, got \"-1\""},
    {"status_too_low", "{failover: {retry_on: [200]}}",
     "routing.failover.retry_on[0]: expected an integer from 400 to 599, got \"200\""},
    {"status_as_text", "{failover: {retry_on: ['500']}}", "from 400 to 599, got \"500\""},
    {"jitter_too_large", "{failover: {backoff: {jitter: 1.5}}}", "a number from 0 to 1"},
    {"multiplier_too_small", "{failover: {backoff: {multiplier: 0.5}}}", "a number from 1 to 100"},
    {"misspelt", "{failover: {backoff: {inital: 1s}}}",
     "routing.failover.backoff.inital: unknown key; did you mean \"initial\"?"},
    {"breaker_zero", "{breaker: {failures: 0}}", "an integer from 1"},
};

class RoutingTableRefuses : public testing::TestWithParam<Case> {};

TEST_P(RoutingTableRefuses, WithItsPlace) {
  EXPECT_THAT(
      mistakes("providers: {openai: , groq: }\nrouting: " + std::string(GetParam().routing)),
      HasSubstr(std::string(GetParam().mistake)));
}

INSTANTIATE_TEST_SUITE_P(Table, RoutingTableRefuses, testing::ValuesIn(kCases), test::by_name);

}  // namespace
}  // namespace butter::config
