#include "routing/plan.h"

#include <gtest/gtest.h>

#include <ostream>

#include "unit/routing/setup.h"

namespace butter::routing {
namespace {

using test::key;
using test::provider;
using test::route;
using test::target;
using Change = ProviderHealth::Change;

Failure status(int code, std::optional<Duration> retry_after = std::nullopt) {
  return {.code = Errc::upstream_status, .status = code, .retry_after = retry_after};
}
Failure lost(Errc code = Errc::upstream_connect) {
  return {.code = code};
}

/// Providers a, b, ... with as many keys as given, model "m" routed to all of them in order.
config::Config setup(std::vector<std::size_t> keys, bool failover = true) {
  config::Config config;
  std::vector<config::RouteTarget> targets;
  for (const std::size_t count : keys) {
    std::string name(1, static_cast<char>('a' + config.providers.size()));
    std::vector<config::Key> made;
    for (std::size_t k = 0; k < count; ++k) { made.push_back(key(name + std::to_string(k))); }
    targets.push_back(target(name));
    config.providers.push_back(provider(std::move(name), std::move(made)));
  }
  config.routing.models = {route("m", targets)};
  config.routing.failover.enabled = failover;
  config.routing.failover.max_retries = 2;
  config.routing.failover.backoff = {.initial = 1ms, .multiplier = 2, .max = 5ms, .jitter = 0};
  return config;
}

/// Runs requests through plans and writes down what was tried: "a b" with waits as "a +1ms a".
class Requests {
 public:
  explicit Requests(config::Config config) : config_(std::move(config)), router_(config_) {}

  /// One request: fails as told, then succeeds; "!" at the end when given up.
  std::string run(const std::vector<Failure>& failures, std::string_view model = "m") {
    Plan plan = make(model);
    const Result<Attempt> first = plan.start(now_, random_);
    if (!first) { return first.error().detail; }
    std::string log = name(*first);
    for (const Failure& failure : failures) {
      const Next next = plan.after(plan.current(), failure, now_, random_, change_);
      if (next.kind == Next::Kind::give_up) { return log + " !"; }
      if (next.delay > 0ns) {
        log += " +" + std::to_string(next.delay / 1us) + "us";
        now_ += next.delay;
      }
      log += " " + name(next.attempt);
    }
    plan.answered(plan.current(), 1ms);
    change_ = plan.succeeded(plan.current());
    return log;
  }

  Plan make(std::string_view model = "m") {
    return {config_, router_, router_.candidates(model, "", random_).value(), model};
  }

  [[nodiscard]] std::string name(const Attempt& attempt) const {
    return config_.providers[attempt.provider].name;
  }

  config::Config config_;
  Router router_;
  Random random_{3};
  TimePoint now_ = TimePoint(1000s);
  Change change_ = Change::none;
};

struct Case {
  const char* name;
  std::vector<std::size_t> keys;
  bool failover;
  std::vector<Failure> failures;
  std::string_view expected;
  friend std::ostream& operator<<(std::ostream& os, const Case& c) { return os << c.name; }
};

const Case kCases[] = {
    {"success", {1}, true, {}, "a"},
    {"case_97_two_failures_then_success",
     {1},
     true,
     {status(503), status(503)},
     "a +1000us a +2000us a"},
    {"case_100_given_up_after_max_retries",
     {1},
     true,
     {status(502), status(502), status(502)},
     "a +1000us a +2000us a !"},
    {"case_98_then_the_next_provider",
     {1, 1},
     true,
     {status(503), status(503), status(503)},
     "a +1000us a +2000us a b"},
    {"case_99_the_callers_mistake_is_not_replayed", {1, 1}, true, {status(400)}, "a !"},
    {"case_60_rate_limited_once", {1}, true, {status(429)}, "a +1000us a"},
    {"case_102_failover_off", {1}, false, {status(429)}, "a !"},
    {"case_103_connect_error_goes_on_at_once", {1, 1}, true, {lost()}, "a b"},
    {"unprocessable", {1, 1}, true, {status(422)}, "a !"},
    {"too_large", {1, 1}, true, {status(413)}, "a !"},
    {"not_found_goes_to_the_next", {1, 1}, true, {status(404)}, "a b"},
    {"not_found_with_no_next", {1}, true, {status(404)}, "a !"},
    {"payment_required_goes_to_the_next", {1, 1}, true, {status(402)}, "a b"},
    {"refused_key_goes_to_the_next", {1, 1}, true, {status(401)}, "a b"},
    {"a_500_that_is_not_in_retry_on", {1, 1}, true, {status(501)}, "a b"},
    {"timeout_goes_to_the_next", {1, 1}, true, {lost(Errc::upstream_timeout)}, "a b"},
    {"overload_goes_to_the_next", {1, 1}, true, {lost(Errc::overloaded)}, "a b"},
    {"overload_all_round", {1, 1}, true, {lost(Errc::overloaded), lost(Errc::overloaded)}, "a b !"},
    {"overload_is_not_waited_for_twice", {1}, true, {lost(Errc::overloaded)}, "a !"},
    {"overload_does_not_ask_another_key", {2}, true, {lost(Errc::overloaded)}, "a !"},
    {"overload_failover_off", {1, 1}, false, {lost(Errc::overloaded)}, "a !"},
    {"broken_goes_to_the_next", {1, 1}, true, {lost(Errc::upstream_protocol)}, "a b"},
    {"cut_off_without_a_next_is_retried",
     {1},
     true,
     {lost(Errc::upstream_closed), lost(), lost()},
     "a +1000us a +2000us a !"},
    {"connect_errors_all_round",
     {1, 1},
     true,
     {lost(), lost(), lost(), lost()},
     "a b +1000us b +2000us b !"},
    {"connect_error_failover_off", {1, 1}, false, {lost()}, "a !"},
    {"status_failover_off", {1, 1}, false, {status(503)}, "a !"},
    {"other_key_at_once", {2}, true, {status(429)}, "a a"},
    {"other_key_without_failover", {2}, false, {status(401)}, "a a"},
    {"each_key_once", {3}, false, {status(403), status(403), status(403)}, "a a a !"},
    {"other_key_for_a_status_in_retry_on", {2}, false, {status(503)}, "a a"},
    {"no_other_key_for_a_404", {2}, false, {status(404)}, "a !"},
    {"no_other_key_for_a_lost_connection", {2, 1}, true, {lost()}, "a b"},
    {"keys_then_wait_then_next",
     {2, 1},
     true,
     {status(503), status(503), status(503), status(503)},
     "a a +1000us a +2000us a b"},
    {"retry_after_longer_than_the_backoff", {1}, true, {status(429, 2s)}, "a +2000000us a"},
    {"retry_after_shorter_than_the_backoff", {1}, true, {status(429, 1us)}, "a +1000us a"},
    {"retry_after_at_the_limit", {1}, true, {status(429, 10s)}, "a +10000000us a"},
    {"retry_after_too_long", {1}, true, {status(429, 11s)}, "a !"},
    {"retry_after_too_long_but_another_provider", {1, 1}, true, {status(429, 11s)}, "a b"},
    {"retry_after_zero", {1}, true, {status(503, 0s)}, "a +1000us a"},
    {"without_keys", {0}, true, {status(503), status(401)}, "a +1000us a !"},
};

class PlanRules : public testing::TestWithParam<Case> {};

TEST_P(PlanRules, Hold) {
  Requests requests(setup(GetParam().keys, GetParam().failover));
  EXPECT_EQ(requests.run(GetParam().failures), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Table, PlanRules, testing::ValuesIn(kCases), test::name_of);

TEST(Plan, Case104BackoffGrowsUpToItsMaximum) {
  config::Config config = setup({1});
  config.routing.failover.backoff = {.initial = 100ms, .multiplier = 3, .max = 250ms, .jitter = 0};
  EXPECT_EQ(Requests(config).run({status(503), status(503), status(503)}),
            "a +100000us a +250000us a !");
}

TEST(Plan, JitterShortensAWaitWithinItsBounds) {
  config::Config config = setup({1});
  config.routing.breaker.enabled = false;
  config.routing.failover.backoff = {.initial = 100ms, .multiplier = 1, .max = 1s, .jitter = 0.5};
  Requests requests(config);
  Duration least = 1h;
  Duration most{0};
  for (int i = 0; i < 1000; ++i) {
    Plan plan = requests.make();
    ASSERT_TRUE(plan.start(requests.now_, requests.random_));
    const Next next =
        plan.after(plan.current(), status(503), requests.now_, requests.random_, requests.change_);
    least = std::min(least, next.delay);
    most = std::max(most, next.delay);
  }
  EXPECT_GE(least, 50ms);
  EXPECT_LT(least, 55ms);
  EXPECT_GT(most, 95ms);
  EXPECT_LE(most, 100ms);
}

TEST(Plan, AStatusOfTheCallerIsRetriedWhenTheOperatorSaysSo) {
  config::Config config = setup({1});
  config.routing.failover.retry_on = {400};
  EXPECT_EQ(Requests(config).run({status(400)}), "a +1000us a");
}

TEST(Plan, NoRetriesWhenTheOperatorSaysSo) {
  config::Config config = setup({1, 1});
  config.routing.failover.max_retries = 0;
  EXPECT_EQ(Requests(config).run({status(503), status(503)}), "a b !");
}

TEST(Plan, TheSecondKeyIsAnotherOne) {
  Requests requests(setup({2}));
  for (int i = 0; i < 50; ++i) {
    Plan plan = requests.make();
    const int first = plan.start(requests.now_, requests.random_)->key;
    const Next next =
        plan.after(plan.current(), status(503), requests.now_, requests.random_, requests.change_);
    EXPECT_EQ(next.attempt.key, 1 - first);
    EXPECT_EQ(plan.current().key, 1 - first);
    EXPECT_EQ(plan.attempts(), 2U);
    plan.answered(plan.current(), 1ms);
  }
}

TEST(Plan, ARefusedKeyCoolsDown) {
  struct Row {
    Failure failure;
    Duration cool;
  };
  const Row rows[] = {
      {status(429), 10s},      {status(401), 60s}, {status(403), 60s},    {status(429, 3s), 3s},
      {status(401, 100h), 1h}, {status(503), 0s},  {status(503, 5s), 0s}, {lost(), 0s}};
  for (const Row& row : rows) {
    Requests requests(setup({1}, false));
    EXPECT_EQ(requests.run({row.failure}), "a !");
    const TimePoint until = requests.router_.health(0).key(0).cool_until();
    EXPECT_EQ(until, row.cool > 0s ? requests.now_ + row.cool : TimePoint()) << row.failure.status;
  }
}

TEST(Plan, ACoolingKeyIsPassedOverByLaterRequests) {
  Requests requests(setup({2}, false));
  Plan plan = requests.make();
  const int refused = plan.start(requests.now_, requests.random_)->key;
  (void)plan.after(plan.current(), status(401), requests.now_, requests.random_, requests.change_);
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(requests.make().start(requests.now_, requests.random_)->key, 1 - refused);
  }
}

TEST(Plan, AProviderWhoseKeysCoolIsPassedOver) {
  Requests requests(setup({1, 1}, false));
  EXPECT_EQ(requests.run({status(429)}), "a !");
  EXPECT_EQ(requests.run({}), "b");
  requests.now_ += 10s;
  EXPECT_EQ(requests.run({}), "a");
}

TEST(Plan, ACoolingKeyIsUsedWhenItIsTheOnlyOneAndWarmsUp) {
  Requests requests(setup({1}, false));
  EXPECT_EQ(requests.run({status(429)}), "a !");
  EXPECT_EQ(requests.run({}), "a");
  EXPECT_EQ(requests.router_.health(0).key(0).cool_until(), TimePoint());
}

TEST(Plan, AnOpenBreakerIsPassedOverWhileAnotherIsLeft) {
  config::Config config = setup({1, 1}, false);
  config.routing.breaker.failures = 2;
  Requests requests(config);
  EXPECT_EQ(requests.run({lost()}), "a !");
  EXPECT_EQ(requests.change_, Change::none);
  EXPECT_EQ(requests.run({lost()}), "a !");
  EXPECT_EQ(requests.change_, Change::opened);
  EXPECT_EQ(requests.run({}), "b");
  requests.now_ += 10s;
  EXPECT_EQ(requests.run({}), "a");
  EXPECT_EQ(requests.change_, Change::closed);
}

TEST(Plan, AnOpenBreakerIsTriedWhenNothingElseIsLeft) {
  config::Config config = setup({1}, false);
  config.routing.breaker.failures = 1;
  Requests requests(config);
  EXPECT_EQ(requests.run({lost()}), "a !");
  EXPECT_EQ(requests.run({}), "a");
}

TEST(Plan, NoWaitForAProviderWhoseBreakerHasJustOpened) {
  config::Config config = setup({1, 1});
  config.routing.breaker.failures = 2;
  EXPECT_EQ(Requests(config).run({status(503), status(503)}), "a +1000us a b");
}

TEST(Plan, WithNoOtherProviderTheRetriesGoOnThoughTheBreakerOpened) {
  config::Config config = setup({1});
  config.routing.breaker.failures = 1;
  EXPECT_EQ(Requests(config).run({status(503), status(503)}), "a +1000us a +2000us a");
}

TEST(Plan, WhatTheBreakerCounts) {
  struct Row {
    Failure failure;
    bool counts;
  };
  const Row rows[] = {{status(500), true},
                      {status(529), true},
                      {status(501), true},
                      {status(429), false},
                      {status(401), false},
                      {status(400), false},
                      {status(404), false},
                      {lost(), true},
                      {lost(Errc::upstream_timeout), true},
                      {lost(Errc::upstream_closed), true},
                      {lost(Errc::upstream_protocol), true},
                      {lost(Errc::overloaded), false}};
  for (const Row& row : rows) {
    config::Config config = setup({1}, false);
    config.routing.breaker.failures = 1;
    Requests requests(config);
    EXPECT_EQ(requests.run({row.failure}), "a !");
    EXPECT_EQ(requests.change_ == Change::opened, row.counts) << row.failure.status;
  }
}

TEST(Plan, AnAnswerThatBlamesTheCallerClosesTheBreaker) {
  config::Config config = setup({1}, false);
  config.routing.breaker.failures = 1;
  Requests requests(config);
  EXPECT_EQ(requests.run({lost()}), "a !");
  EXPECT_EQ(requests.run({status(400)}), "a !");
  EXPECT_EQ(requests.change_, Change::closed);
}

TEST(Plan, ProviderWithoutKeysGoesWithoutCredentials) {
  Requests requests(setup({0}));
  EXPECT_EQ(requests.make().start(requests.now_, requests.random_)->key, Attempt::kNoKey);
}

TEST(Plan, PassthroughUsesNoKey) {
  config::Config config = setup({1});
  config.providers[0].credential_mode = config::CredentialMode::passthrough;
  Requests requests(config);
  EXPECT_EQ(requests.make().start(requests.now_, requests.random_)->key, Attempt::kNoKey);
}

TEST(Plan, ACandidateWithoutAnEligibleKeyIsPassedOver) {
  config::Config config = setup({1, 1});
  config.providers[0].keys[0].models = {"other"};
  EXPECT_EQ(Requests(config).run({status(404)}), "b !");
}

TEST(Plan, NoEligibleKeyAnywhere) {
  config::Config config = setup({1, 1});
  config.providers[0].keys[0].models = {"other"};
  config.providers[1].keys[0].weight = 0;
  Requests requests(config);
  const Result<Attempt> first = requests.make().start(requests.now_, requests.random_);
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().code, Errc::unauthorized);
  EXPECT_EQ(first.error().detail, R"(no key of provider "a" may use model "m")");
}

TEST(Plan, TheAllowlistHoldsTheUpstreamsNameToo) {
  config::Config config = setup({1});
  config.routing.models[0].providers[0].model = "up";
  config.providers[0].keys[0].models = {"up"};
  Requests requests(config);
  const Result<Attempt> first = requests.make().start(requests.now_, requests.random_);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->model, "up");
}

TEST(Plan, LatencyIsLearntOnlyWhereItIsAskedFor) {
  config::Config config = setup({1, 1});
  Requests by_priority(config);
  EXPECT_EQ(by_priority.run({}), "a");
  EXPECT_EQ(by_priority.router_.health(0).latency_ns(), 0);
  config.routing.models[0].strategy = config::Strategy::least_latency;
  Requests by_latency(config);
  EXPECT_EQ(by_latency.run({}), "a");
  EXPECT_EQ(by_latency.router_.health(0).latency_ns(), 1000000);
}

TEST(Plan, BesideAnAttemptRunsTheNextCandidateOrTheSameAgain) {
  Requests two(setup({1, 1}));
  Plan plan = two.make();
  ASSERT_EQ(two.name(*plan.start(two.now_, two.random_)), "a");
  EXPECT_EQ(two.name(*plan.beside(two.now_, two.random_)), "b");

  Requests one(setup({1}));
  Plan alone = one.make();
  ASSERT_TRUE(alone.start(one.now_, one.random_));
  EXPECT_EQ(one.name(*alone.beside(one.now_, one.random_)), "a");
  EXPECT_EQ(alone.attempts(), 2U);
}

TEST(Plan, NothingRunsBesideWhenTheBreakerIsOpen) {
  config::Config config = setup({1});
  config.routing.breaker = {.enabled = true, .failures = 1, .open_for = 10s};
  Requests requests(config);
  Plan plan = requests.make();
  const Attempt first = plan.start(requests.now_, requests.random_).value();
  EXPECT_EQ(plan.note(first, lost(), requests.now_), Change::opened);
  EXPECT_FALSE(plan.beside(requests.now_, requests.random_));
}

TEST(Plan, AFailureCountsAgainstTheAttemptThatFailed) {
  config::Config config = setup({1, 1});
  config.routing.breaker = {.enabled = true, .failures = 1, .open_for = 10s};
  Requests requests(config);
  Plan plan = requests.make();
  const Attempt first = plan.start(requests.now_, requests.random_).value();
  const Attempt second = plan.beside(requests.now_, requests.random_).value();
  EXPECT_EQ(plan.note(first, lost(), requests.now_), Change::opened);
  EXPECT_TRUE(requests.router_.health(first.provider).is_open(requests.now_));
  EXPECT_FALSE(requests.router_.health(second.provider).is_open(requests.now_));
  EXPECT_EQ(plan.succeeded(second), Change::none);
}

TEST(Plan, AnswersThatBeginAndBreakOffOpenTheBreaker) {
  config::Config config = setup({1});
  config.routing.breaker = {.enabled = true, .failures = 3, .open_for = 10s};
  Requests requests(config);
  for (int i = 1; i <= 3; ++i) {
    Plan plan = requests.make();
    const Attempt attempt = plan.start(requests.now_, requests.random_).value();
    plan.answered(attempt, 1ms);
    EXPECT_EQ(plan.note(attempt, lost(), requests.now_), i == 3 ? Change::opened : Change::none);
  }
  // The probe closes it when its answer is whole.
  requests.now_ += 10s;
  Plan plan = requests.make();
  const Attempt probe = plan.start(requests.now_, requests.random_).value();
  plan.answered(probe, 1ms);
  EXPECT_TRUE(requests.router_.health(probe.provider).is_open(requests.now_));
  EXPECT_EQ(plan.succeeded(probe), Change::closed);
}

TEST(Plan, AfterTheFirstOfTwoFailedLastItIsTheOneThatIsRetried) {
  Requests requests(setup({1, 1}));
  Plan plan = requests.make();
  const Attempt first = plan.start(requests.now_, requests.random_).value();
  const Attempt second = plan.beside(requests.now_, requests.random_).value();
  (void)plan.note(second, lost(), requests.now_);
  const Next next =
      plan.after(first, status(503), requests.now_, requests.random_, requests.change_);
  EXPECT_EQ(next.kind, Next::Kind::attempt);
  EXPECT_EQ(requests.name(next.attempt), "a");
}

}  // namespace
}  // namespace butter::routing
