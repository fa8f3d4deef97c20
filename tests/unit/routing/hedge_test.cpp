#include "routing/hedge.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace butter::routing {
namespace {

constexpr config::Hedge kSettings{.enabled = true, .max_extra = 10, .min_delay = 1ms};

TEST(Hedge, KnowsNothingUntilEnoughAnswersBegan) {
  Hedge hedge(kSettings);
  for (std::uint32_t i = 1; i < Hedge::kEnough; ++i) {
    hedge.add(100ms);
    EXPECT_FALSE(hedge.delay());
  }
  hedge.add(100ms);
  EXPECT_TRUE(hedge.delay());
}

TEST(Hedge, WaitsAsLongAsNearlyAllAnswersTake) {
  Hedge hedge(kSettings);
  for (int i = 0; i < 96; ++i) { hedge.add(100ms); }
  for (int i = 0; i < 4; ++i) { hedge.add(10s); }
  // The end of a bucket that is at most a quarter wide.
  EXPECT_GE(*hedge.delay(), Duration(100ms));
  EXPECT_LE(*hedge.delay(), Duration(125ms));
  for (int i = 0; i < 4; ++i) { hedge.add(10s); }
  EXPECT_GE(*hedge.delay(), Duration(10s));
}

TEST(Hedge, TimesOfAnySizeFit) {
  Hedge hedge(kSettings);
  for (int i = 0; i < 40; ++i) { hedge.add(Duration(-5)); }
  EXPECT_EQ(*hedge.delay(), Duration(1ms)) << "min_delay";
  for (int i = 0; i < 400; ++i) { hedge.add(100h); }
  EXPECT_GE(*hedge.delay(), Duration(1h));
}

TEST(Hedge, FollowsAProviderThatBecomesFaster) {
  Hedge hedge(kSettings);
  for (std::uint32_t i = 0; i < Hedge::kWindow; ++i) { hedge.add(1s); }
  for (std::uint32_t i = 0; i < 12 * Hedge::kWindow; ++i) { hedge.add(10ms); }
  EXPECT_LE(*hedge.delay(), Duration(13ms));
}

TEST(Hedge, ExtraRequestsAreAShareOfAll) {
  Hedge hedge(kSettings);
  EXPECT_FALSE(hedge.take());
  for (int i = 0; i < 100; ++i) { hedge.count_request(); }
  int taken = 0;
  while (hedge.take()) { ++taken; }
  EXPECT_EQ(taken, 10);
}

TEST(Hedge, TheShareHoldsAmongThreads) {
  Hedge hedge(kSettings);
  for (int i = 0; i < 1000; ++i) { hedge.count_request(); }
  std::atomic<int> taken{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 200; ++n) {
        if (hedge.take()) { ++taken; }
        hedge.add(5ms);
      }
    });
  }
  for (std::thread& thread : threads) { thread.join(); }
  EXPECT_EQ(taken, 100);
}

}  // namespace
}  // namespace butter::routing
