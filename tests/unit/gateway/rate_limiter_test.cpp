#include "gateway/rate_limiter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/loop_driver.h"
#include "support/test_upstream.h"

namespace butter::gateway {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using Step = RateLimiter::Step;

limit::Claim claim(limit::Scope scope, std::string key, std::uint32_t most,
                   limit::Unit unit = limit::Unit::requests, std::uint64_t units = 1) {
  return {.scope = scope,
          .unit = unit,
          .key = std::move(key),
          .rate = {.per_minute = most, .burst = most},
          .units = units};
}

/// A limiter, and a Redis that says what the test makes it say.
class RateLimiterTest : public testing::Test {
 protected:
  RateLimiter& with_redis(Duration timeout = 20s) {
    redis::Server server;
    server.host = "127.0.0.1";
    server.port = redis_.port();
    server.timeout = timeout;
    buckets_ = {std::make_shared<const redis::Server>(server), "b:"};
    return limiter();
  }
  RateLimiter& limiter() {
    if (!limiter_) {
      limiter_ = std::make_unique<RateLimiter>(loop_, resolver_, buckets_, ledger_, away_, logger_,
                                               fallbacks_);
    }
    return *limiter_;
  }
  /// Takes, and counts what is called back.
  Step take(Claims& claims) {
    return limiter().take(claims, [this] { ++judged_; });
  }
  [[nodiscard]] bool judged(int count = 1) {
    return support::run_until(loop_, [&] { return judged_ >= count; });
  }
  void welcome() {
    ASSERT_TRUE(redis_.hears(0, "PING\r\n"));
    static_cast<void>(redis_.peer(0).take());
    redis_.peer(0).send("+PONG\r\n");
  }

  net::Loop loop_;
  net::Resolver resolver_;
  support::TestUpstream redis_{loop_};
  SharedBuckets buckets_;
  limit::Ledger ledger_;
  std::atomic<int> away_{0};
  log::Sink sink_{-1};
  log::Logger logger_{sink_, log::Level::error};
  metrics::Counter fallbacks_;
  int judged_ = 0;
  std::unique_ptr<RateLimiter> limiter_;
};

TEST_F(RateLimiterTest, WithoutRedisTheVerdictIsThereAtOnce) {
  Claims claims;
  claims.items = {claim(limit::Scope::everyone, "", 1)};
  EXPECT_EQ(take(claims), Step::granted);
  EXPECT_EQ(claims.refused, nullptr);
  EXPECT_EQ(take(claims), Step::refused);
  EXPECT_EQ(claims.refused, &claims.items[0]);
  EXPECT_EQ(claims.items[0].verdict.retry_after, 60s);
  EXPECT_EQ(judged_, 0);
  EXPECT_EQ(fallbacks_.value(), 0U);
}

TEST_F(RateLimiterTest, NothingAskedIsGranted) {
  Claims claims;
  EXPECT_EQ(take(claims), Step::granted);
}

TEST_F(RateLimiterTest, TokensAreSettledRequestsStand) {
  Claims claims;
  claims.items = {claim(limit::Scope::everyone, "", 10),
                  claim(limit::Scope::everyone, "", 1000, limit::Unit::tokens, 600)};
  EXPECT_EQ(take(claims), Step::granted);
  limiter().settle(claims, 100);
  claims.items[0].units = claims.items[1].units = 0;
  EXPECT_EQ(take(claims), Step::granted);
  EXPECT_EQ(claims.items[0].verdict.remaining, 9U);
  EXPECT_EQ(claims.items[1].verdict.remaining, 900U);
}

TEST_F(RateLimiterTest, RedisIsAskedOnceForAllAndIsToldNoKeys) {
  with_redis();
  Claims claims;
  claims.items = {claim(limit::Scope::app_key, "btr_secret", 60),
                  claim(limit::Scope::app_key, "btr_secret", 6000, limit::Unit::tokens, 100)};
  EXPECT_EQ(take(claims), Step::waits);
  welcome();
  ASSERT_TRUE(redis_.hears(0, "60000000\r\n$7\r\n1000000\r\n$8\r\n60000000\r\n"));
  EXPECT_THAT(redis_.peer(0).received(),
              AllOf(HasSubstr("EVAL\r\n"), HasSubstr("b:rl:key:requests:"),
                    HasSubstr("b:rl:key:tokens:"), Not(HasSubstr("btr_secret"))));
  redis_.peer(0).send("*4\r\n:0\r\n:1000000000\r\n:3000000\r\n:1000000\r\n");
  ASSERT_TRUE(judged());
  EXPECT_EQ(claims.refused, nullptr);
  EXPECT_TRUE(claims.in_redis);
  EXPECT_EQ(claims.items[0].verdict.remaining, 57U);
  EXPECT_EQ(claims.items[0].verdict.reset, 3s);
  EXPECT_EQ(claims.items[1].verdict.remaining, 5900U);
  EXPECT_EQ(claims.items[1].full_at, 1'001'000'000);
  EXPECT_EQ(fallbacks_.value(), 0U);

  limiter().settle(claims, 50);
  ASSERT_TRUE(redis_.hears(0, "$7\r\n-500000\r\n$10\r\n1001000000\r\n"));
}

TEST_F(RateLimiterTest, ARefusalOfRedisSaysWhichAndForHowLong) {
  with_redis();
  Claims claims;
  claims.items = {claim(limit::Scope::provider, "p", 60), claim(limit::Scope::model, "p\nm", 60)};
  EXPECT_EQ(take(claims), Step::waits);
  welcome();
  ASSERT_TRUE(redis_.hears(0, "EVAL\r\n"));
  redis_.peer(0).send("*4\r\n:2\r\n:1000000000\r\n:0\r\n:59500000\r\n");
  ASSERT_TRUE(judged());
  EXPECT_EQ(claims.refused, &claims.items[1]);
  EXPECT_EQ(claims.refused->verdict.retry_after, 500ms);
}

struct BadReply {
  const char* name;
  const char* reply;
};

class RateLimiterWithout : public RateLimiterTest, public testing::WithParamInterface<BadReply> {};

constexpr BadReply kBadReplies[] = {
    {"an_error", "-READONLY You can't write against a read only replica.\r\n"},
    {"no_array", "+OK\r\n"},
    {"too_short", "*2\r\n:0\r\n:1\r\n"},
    {"too_many", "*4\r\n:0\r\n:1\r\n:1\r\n:1\r\n"},
    {"refuses_what_was_not_asked", "*3\r\n:7\r\n:1\r\n:1\r\n"},
    {"negative", "*3\r\n:-1\r\n:1\r\n:1\r\n"},
};

TEST_P(RateLimiterWithout, AVerdictThisProcessJudges) {
  with_redis();
  Claims claims;
  claims.items = {claim(limit::Scope::everyone, "", 1)};
  EXPECT_EQ(take(claims), Step::waits);
  welcome();
  ASSERT_TRUE(redis_.hears(0, "EVAL\r\n"));
  redis_.peer(0).send(GetParam().reply);
  ASSERT_TRUE(judged());
  EXPECT_EQ(claims.refused, nullptr);
  EXPECT_FALSE(claims.in_redis);
  EXPECT_EQ(fallbacks_.value(), 1U);
  EXPECT_EQ(ledger_.take(claims.items, loop_.now()), &claims.items[0]);
}

INSTANTIATE_TEST_SUITE_P(Rows, RateLimiterWithout, testing::ValuesIn(kBadReplies),
                         [](const auto& row) { return std::string(row.param.name); });

TEST_F(RateLimiterTest, AwayItCostsNothing) {
  redis_.stop();
  with_redis();
  ASSERT_TRUE(support::run_until(loop_, [this] { return away_ == 1; }));
  Claims claims;
  claims.items = {claim(limit::Scope::everyone, "", 1)};
  EXPECT_EQ(take(claims), Step::granted);
  EXPECT_EQ(take(claims), Step::refused);
  EXPECT_EQ(fallbacks_.value(), 2U);
  EXPECT_EQ(judged_, 0);
  limiter_.reset();
  EXPECT_EQ(away_, 0);
}

TEST_F(RateLimiterTest, ASlowOneIsNotWaitedForLonger) {
  with_redis(20ms);
  Claims claims;
  claims.items = {claim(limit::Scope::everyone, "", 1)};
  EXPECT_EQ(take(claims), Step::waits);
  ASSERT_TRUE(judged());
  EXPECT_EQ(claims.refused, nullptr);
  EXPECT_FALSE(claims.in_redis);
  EXPECT_EQ(away_, 1);
}

TEST_F(RateLimiterTest, WhoLeavesIsNotCalled) {
  with_redis();
  {
    Claims claims;
    claims.items = {claim(limit::Scope::everyone, "", 1)};
    EXPECT_EQ(take(claims), Step::waits);
  }
  welcome();
  ASSERT_TRUE(redis_.hears(0, "EVAL\r\n"));
  redis_.peer(0).send("*3\r\n:0\r\n:1\r\n:1\r\n");
  support::settle(loop_);
  EXPECT_EQ(judged_, 0);
}

}  // namespace
}  // namespace butter::gateway
