#include "limit/bucket.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace butter::limit {
namespace {

constexpr Rate kFive{.per_minute = 5, .burst = 5};
const TimePoint kStart{100h};

TEST(Bucket, BeginsFullAndThenRefills) {
  Bucket bucket;
  for (unsigned left = 5; left-- > 0;) {
    const Verdict verdict = bucket.take(kFive, kStart);
    EXPECT_TRUE(verdict.allowed);
    EXPECT_EQ(verdict.remaining, left);
  }
  const Verdict refused = bucket.take(kFive, kStart);
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.remaining, 0U);
  EXPECT_EQ(refused.retry_after, 12s);
  EXPECT_EQ(refused.reset, 60s);

  EXPECT_FALSE(bucket.take(kFive, kStart + 12s - 1ns).allowed);
  EXPECT_TRUE(bucket.take(kFive, kStart + 12s).allowed);
  EXPECT_FALSE(bucket.take(kFive, kStart + 12s).allowed);
}

TEST(Bucket, RetryAfterIsTheTruth) {
  Bucket bucket;
  constexpr Rate kOdd{.per_minute = 7, .burst = 3};
  TimePoint now = kStart;
  for (int i = 0; i < 100; ++i) {
    const Verdict verdict = bucket.take(kOdd, now);
    if (verdict.allowed) { continue; }
    EXPECT_FALSE(bucket.take(kOdd, now + verdict.retry_after - 1ns).allowed);
    now += verdict.retry_after;
    EXPECT_TRUE(bucket.take(kOdd, now).allowed);
  }
}

TEST(Bucket, ABurstIsNotTheRate) {
  Bucket bucket;
  constexpr Rate kSmooth{.per_minute = 60, .burst = 2};
  EXPECT_TRUE(bucket.take(kSmooth, kStart).allowed);
  EXPECT_TRUE(bucket.take(kSmooth, kStart).allowed);
  EXPECT_FALSE(bucket.take(kSmooth, kStart).allowed);
  EXPECT_TRUE(bucket.take(kSmooth, kStart + 1s).allowed);
  EXPECT_EQ(bucket.take(kSmooth, kStart + 100h).remaining, 1U);
}

TEST(Bucket, KnowsWhenItIsFull) {
  Bucket bucket;
  EXPECT_TRUE(bucket.is_full(kStart));
  EXPECT_TRUE(bucket.take(kFive, kStart).allowed);
  EXPECT_FALSE(bucket.is_full(kStart + 12s - 1ns));
  EXPECT_TRUE(bucket.is_full(kStart + 12s));
}

TEST(Bucket, HugeRatesDoNotOverflow) {
  Bucket fast;
  constexpr Rate kFast{.per_minute = 1'000'000'000, .burst = 1'000'000'000};
  EXPECT_EQ(fast.take(kFast, kStart).remaining, 999'999'999U);
  Bucket slow;
  constexpr Rate kSlow{.per_minute = 1, .burst = 10'000'000};
  EXPECT_EQ(slow.take(kSlow, kStart).remaining, 9'999'999U);
}

constexpr Rate kTokens{.per_minute = 600, .burst = 600};  // one in 100 ms

TEST(Bucket, ManyUnitsAreTakenAtOnceOrNotAtAll) {
  Bucket bucket;
  const Verdict first = bucket.take(kTokens, kStart, 400);
  EXPECT_TRUE(first.allowed);
  EXPECT_EQ(first.remaining, 200U);
  EXPECT_EQ(first.reset, 40s);
  const Verdict refused = bucket.take(kTokens, kStart, 300);
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.remaining, 200U);
  EXPECT_EQ(refused.retry_after, 10s);
  EXPECT_EQ(refused.reset, 40s);
  EXPECT_TRUE(bucket.take(kTokens, kStart, 200).allowed);
  EXPECT_TRUE(bucket.take(kTokens, kStart, 0).allowed);
}

TEST(Bucket, MoreThanItHoldsTakesAllOfIt) {
  Bucket bucket;
  EXPECT_TRUE(bucket.take(kTokens, kStart, 1).allowed);
  const Verdict refused = bucket.take(kTokens, kStart, 1'000'000'000'000'000'000);
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.retry_after, 100ms);
  const Verdict taken = bucket.take(kTokens, kStart + 100ms, 5000);
  EXPECT_TRUE(taken.allowed);
  EXPECT_EQ(taken.remaining, 0U);
  EXPECT_EQ(taken.reset, 60s);
}

struct Settled {
  const char* name;
  std::uint64_t taken, used;
  Duration after;           ///< until it is settled
  std::uint64_t remaining;  ///< then
};

class BucketSettled : public testing::TestWithParam<Settled> {};

constexpr Settled kSettled[] = {
    {"as_estimated", 400, 400, 0s, 200},
    {"less", 400, 100, 0s, 500},
    {"nothing", 400, 0, 0s, 600},
    {"more", 400, 500, 0s, 100},
    {"more_than_is_left", 400, 5000, 0s, 0},
    {"less_later", 400, 100, 10s, 600},
    {"all_had_come_back", 400, 0, 40s, 600},
    {"more_than_it_holds_was_estimated", 5000, 100, 0s, 500},
    {"more_later", 100, 300, 60s, 400},
};

TEST_P(BucketSettled, AsTheUsageSays) {
  Bucket bucket;
  const Settled& row = GetParam();
  const Verdict taken = bucket.take(kTokens, kStart, row.taken);
  ASSERT_TRUE(taken.allowed);
  bucket.settle(kTokens, row.taken, row.used, kStart + taken.reset, kStart + row.after);
  EXPECT_EQ(bucket.take(kTokens, kStart + row.after, 0).remaining, row.remaining);
}

INSTANTIATE_TEST_SUITE_P(Rows, BucketSettled, testing::ValuesIn(kSettled),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Bucket, InDebtItWaitsUntilTheDebtIsPaid) {
  Bucket bucket;
  const Verdict taken = bucket.take(kTokens, kStart, 600);
  bucket.settle(kTokens, 600, 1200, kStart + taken.reset, kStart);
  const Verdict refused = bucket.take(kTokens, kStart, 1);
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.remaining, 0U);
  EXPECT_EQ(refused.retry_after, 60s + 100ms);
  EXPECT_TRUE(bucket.take(kTokens, kStart + refused.retry_after, 1).allowed);
}

// What came back by itself and was lost in a full bucket is not given back a second time.
TEST(Bucket, WhatCameBackIsNotGivenBackAgain) {
  Bucket bucket;
  const Verdict first = bucket.take(kTokens, kStart, 300);
  const TimePoint later = kStart + 30s;
  EXPECT_EQ(bucket.take(kTokens, later, 600).remaining, 0U);
  bucket.settle(kTokens, 300, 0, kStart + first.reset, later);
  EXPECT_FALSE(bucket.take(kTokens, later, 1).allowed);
}

TEST(Bucket, ManyThreadsThatSettleNeverGetMore) {
  Bucket bucket;
  constexpr Rate kMany{.per_minute = 100'000, .burst = 100'000};
  std::atomic<std::uint64_t> used{0};
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (unsigned i = 0; i < 2000; ++i) {
        const std::uint64_t estimate = 10 + (i * 7 + t) % 50;
        const Verdict taken = bucket.take(kMany, kStart, estimate);
        if (!taken.allowed) { continue; }
        const std::uint64_t cost = i % 3 == 0 ? 0 : estimate / 2;
        bucket.settle(kMany, estimate, cost, kStart + taken.reset, kStart);
        used += cost;
      }
    });
  }
  for (std::thread& thread : threads) { thread.join(); }
  EXPECT_LE(used, 100'000U);
  // Nothing was lost, either: what is left is what was not used.
  EXPECT_EQ(bucket.take(kMany, kStart, 0).remaining, 100'000U - used);
}

TEST(Rate, NeverGivesBackMoreThanItSays) {
  for (const std::uint32_t per_minute : {1U, 7U, 60U, 7777U, 700'000'000U, 1'000'000'000U}) {
    EXPECT_GE((Rate{.per_minute = per_minute, .burst = 1}.interval()) * per_minute, 60s)
        << per_minute;
  }
}

TEST(Bucket, ManyThreadsNeverGetMore) {
  Bucket bucket;
  constexpr Rate kMany{.per_minute = 1000, .burst = 1000};
  std::atomic<int> allowed{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) {
        if (bucket.take(kMany, kStart).allowed) { ++allowed; }
      }
    });
  }
  for (std::thread& thread : threads) { thread.join(); }
  EXPECT_EQ(allowed, 1000);
}

}  // namespace
}  // namespace butter::limit
