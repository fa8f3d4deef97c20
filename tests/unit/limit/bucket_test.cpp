#include "limit/bucket.h"

#include <gtest/gtest.h>

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
