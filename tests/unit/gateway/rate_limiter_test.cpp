#include "gateway/rate_limiter.h"

#include <gtest/gtest.h>

#include "unit/gateway/setup.h"

namespace butter::gateway {
namespace {

using Fields = std::initializer_list<std::pair<std::string_view, std::string_view>>;

const TimePoint kStart{100h};

class RateLimiterTest : public testing::Test {
 protected:
  RateLimiterTest() { settings_.requests_per_minute = 2; }

  /// How many of ten requests at one moment pass.
  int passed(const char* peer, Fields fields = {}) {
    int count = 0;
    for (int i = 0; i < 10; ++i) {
      last_ = limiter_.refusal(settings_, trusted_, net::Address::literal(peer, 1).value(),
                               test::fields_of(fields), kStart);
      count += last_ ? 0 : 1;
    }
    return count;
  }

  config::RateLimit settings_;
  std::vector<limit::Network> trusted_;
  RateLimiter limiter_;
  std::optional<RateLimiter::Refusal> last_;
};

TEST_F(RateLimiterTest, OneForAll) {
  EXPECT_EQ(passed("192.0.2.1"), 2);
  EXPECT_EQ(passed("192.0.2.2"), 0);
  EXPECT_EQ(last_->message, "rate limit exceeded (2 requests/minute)");
  EXPECT_EQ(last_->verdict.retry_after, 30s);
}

TEST_F(RateLimiterTest, OneForEachAddress) {
  settings_.per_ip = true;
  EXPECT_EQ(passed("192.0.2.1"), 2);
  EXPECT_EQ(passed("192.0.2.1", {{"X-Forwarded-For", "1.1.1.1"}}), 0);
  EXPECT_EQ(passed("192.0.2.2"), 2);
  EXPECT_EQ(passed("2001:db8::1"), 2);
  EXPECT_EQ(passed("2001:db8::2"), 0);
}

TEST_F(RateLimiterTest, TheClientBehindAProxyOfOurs) {
  settings_.per_ip = true;
  trusted_ = {limit::Network::parse("10.0.0.0/8").value()};
  EXPECT_EQ(passed("10.0.0.1", {{"X-Forwarded-For", "9.9.9.9, 1.1.1.1"}}), 2);
  EXPECT_EQ(passed("10.0.0.2", {{"X-Forwarded-For", "8.8.8.8"}, {"X-Forwarded-For", "1.1.1.1"}}),
            0);
  EXPECT_EQ(passed("10.0.0.1", {{"X-Forwarded-For", "1.1.1.2"}}), 2);
}

TEST_F(RateLimiterTest, AppKeysGoFirst) {
  settings_.per_ip = settings_.per_app_key = true;
  settings_.per_app_key_rpm = 5;
  settings_.app_key_limits = {{"btr_own", 3}};
  EXPECT_EQ(passed("192.0.2.1", {{"X-Butter-App-Key", "btr_a"}}), 5);
  EXPECT_EQ(last_->message, "rate limit exceeded for app key (5 requests/minute)");
  EXPECT_EQ(passed("192.0.2.1", {{"X-Butter-App-Key", "btr_own"}}), 3);
  EXPECT_EQ(passed("192.0.2.1"), 2);
}

TEST_F(RateLimiterTest, ABurstIsLessThanAMinutes) {
  settings_.requests_per_minute = 60;
  settings_.burst = 3;
  EXPECT_EQ(passed("192.0.2.1"), 3);
  EXPECT_EQ(last_->verdict.retry_after, 1s);
}

}  // namespace
}  // namespace butter::gateway
