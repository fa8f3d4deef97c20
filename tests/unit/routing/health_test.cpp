#include "routing/health.h"

#include <gtest/gtest.h>

namespace butter::routing {
namespace {

using Change = ProviderHealth::Change;

constexpr config::Breaker kBreaker{.enabled = true, .failures = 3, .open_for = 10s};
const TimePoint kNow = TimePoint(1000s);

/// Fails so often that the breaker opens.
void open(ProviderHealth& health, TimePoint now) {
  for (std::uint32_t i = 1; i < kBreaker.failures; ++i) {
    ASSERT_EQ(health.on_failure(now), Change::none);
  }
  ASSERT_EQ(health.on_failure(now), Change::opened);
}

TEST(ProviderHealth, OpensAfterFailuresInARow) {
  ProviderHealth health(kBreaker, 0);
  EXPECT_TRUE(health.admit(kNow));
  open(health, kNow);
  EXPECT_FALSE(health.admit(kNow));
  EXPECT_TRUE(health.is_open(kNow));
  EXPECT_FALSE(health.admit(kNow + 9999ms));
}

TEST(ProviderHealth, ASuccessBetweenStartsTheCountAgain) {
  ProviderHealth health(kBreaker, 0);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(health.on_failure(kNow), Change::none);
    EXPECT_EQ(health.on_failure(kNow), Change::none);
    EXPECT_EQ(health.on_success(), Change::none);
  }
  EXPECT_TRUE(health.admit(kNow));
}

TEST(ProviderHealth, LetsOneProbeThrough) {
  ProviderHealth health(kBreaker, 0);
  open(health, kNow);
  const TimePoint later = kNow + 10s;
  EXPECT_FALSE(health.is_open(later));
  EXPECT_TRUE(health.admit(later));
  EXPECT_FALSE(health.admit(later));
  EXPECT_TRUE(health.is_open(later));
}

TEST(ProviderHealth, AProbeThatSucceedsCloses) {
  ProviderHealth health(kBreaker, 0);
  open(health, kNow);
  ASSERT_TRUE(health.admit(kNow + 10s));
  EXPECT_EQ(health.on_success(), Change::closed);
  EXPECT_EQ(health.on_success(), Change::none);
  EXPECT_TRUE(health.admit(kNow + 10s));
  EXPECT_TRUE(health.admit(kNow + 10s));
  open(health, kNow + 11s);
}

TEST(ProviderHealth, AProbeThatFailsStaysOpen) {
  ProviderHealth health(kBreaker, 0);
  open(health, kNow);
  ASSERT_TRUE(health.admit(kNow + 10s));
  EXPECT_EQ(health.on_failure(kNow + 10s), Change::none);
  EXPECT_FALSE(health.admit(kNow + 19s));
  EXPECT_TRUE(health.admit(kNow + 20s));
}

TEST(ProviderHealth, AProbeThatNeverReportsBlocksNothing) {
  ProviderHealth health(kBreaker, 0);
  open(health, kNow);
  ASSERT_TRUE(health.admit(kNow + 10s));
  EXPECT_TRUE(health.admit(kNow + 20s));
}

TEST(ProviderHealth, LateFailuresDoNotPutTheProbeOff) {
  ProviderHealth health(kBreaker, 0);
  open(health, kNow);
  for (int i = 0; i < 9; ++i) {
    EXPECT_EQ(health.on_failure(kNow + std::chrono::seconds(i)), Change::none);
  }
  EXPECT_TRUE(health.admit(kNow + 10s));
}

TEST(ProviderHealth, ADisabledBreakerNeverOpens) {
  ProviderHealth health({.enabled = false, .failures = 1, .open_for = 10s}, 0);
  for (int i = 0; i < 10; ++i) { EXPECT_EQ(health.on_failure(kNow), Change::none); }
  EXPECT_TRUE(health.admit(kNow));
}

TEST(ProviderHealth, LatencyIsAMovingAverage) {
  ProviderHealth health(kBreaker, 0);
  EXPECT_EQ(health.latency_ns(), 0);
  health.add_latency(800ns);
  EXPECT_EQ(health.latency_ns(), 800);
  health.add_latency(1600ns);
  EXPECT_EQ(health.latency_ns(), 900);
  for (int i = 0; i < 200; ++i) { health.add_latency(80ns); }
  EXPECT_NEAR(static_cast<double>(health.latency_ns()), 80, 8);
}

TEST(ProviderHealth, AKnownLatencyIsNeverZero) {
  ProviderHealth health(kBreaker, 0);
  health.add_latency(0ns);
  EXPECT_EQ(health.latency_ns(), 1);
}

TEST(ProviderHealth, FitsOnlyTheSameSettings) {
  const ProviderHealth health(kBreaker, 2);
  EXPECT_TRUE(health.fits(kBreaker, 2));
  EXPECT_FALSE(health.fits(kBreaker, 3));
  EXPECT_FALSE(health.fits({.enabled = true, .failures = 3, .open_for = 9s}, 2));
}

TEST(KeyHealth, CoolsAndWarmsUp) {
  ProviderHealth health(kBreaker, 2);
  EXPECT_EQ(health.key(1).cool_until(), TimePoint());
  health.key(1).cool_down(kNow);
  EXPECT_EQ(health.key(1).cool_until(), kNow);
  EXPECT_EQ(health.key(0).cool_until(), TimePoint());
  health.key(1).warm_up();
  EXPECT_EQ(health.key(1).cool_until(), TimePoint());
}

}  // namespace
}  // namespace butter::routing
