#include "limit/table.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace butter::limit {
namespace {

constexpr Rate kTwo{.per_minute = 2, .burst = 2};
const TimePoint kStart{100h};

TEST(Table, EachKeyHasItsOwnBucket) {
  Table table;
  for (const char* const key : {"a", "b"}) {
    EXPECT_TRUE(table.take(key, kTwo, kStart).allowed);
    EXPECT_TRUE(table.take(key, kTwo, kStart).allowed);
    EXPECT_FALSE(table.take(key, kTwo, kStart).allowed);
  }
  EXPECT_EQ(table.size(), 2U);
}

TEST(Table, SettlesTheKeysOwnBucket) {
  Table table;
  constexpr Rate kTen{.per_minute = 10, .burst = 10};
  const Verdict a = table.take("a", kTen, kStart, 8);
  static_cast<void>(table.take("b", kTen, kStart, 8));
  table.settle("a", kTen, 8, 1, kStart + a.reset, kStart);
  EXPECT_EQ(table.take("a", kTen, kStart, 0).remaining, 9U);
  EXPECT_EQ(table.take("b", kTen, kStart, 0).remaining, 2U);
}

TEST(Table, FullBucketsAreForgotten) {
  Table table;
  for (int i = 0; i < 20'000; ++i) {
    // One comes each second, and is full again after thirty.
    EXPECT_TRUE(table.take(std::to_string(i), kTwo, kStart + i * 1s).allowed);
  }
  EXPECT_LT(table.size(), 20'000U);
}

TEST(Table, HasABoundAndKeepsLimitingBeyondIt) {
  Table table(16);
  for (std::size_t i = 0; i < 10'000; ++i) {
    static_cast<void>(table.take(std::to_string(i), kTwo, kStart));
  }
  EXPECT_LE(table.size(), 16 * Table::kShards);
  std::size_t allowed = 0;
  for (std::size_t i = 0; i < 1000; ++i) {
    if (table.take("new" + std::to_string(i), kTwo, kStart).allowed) { ++allowed; }
  }
  EXPECT_LE(allowed, 2 * Table::kShards);
}

TEST(Table, ManyThreadsNeverGetMore) {
  Table table;
  constexpr Rate kMany{.per_minute = 500, .burst = 500};
  std::atomic<int> allowed{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        if (table.take(i % 2 == 0 ? "a" : "b", kMany, kStart).allowed) { ++allowed; }
      }
    });
  }
  for (std::thread& thread : threads) { thread.join(); }
  EXPECT_EQ(allowed, 1000);
}

}  // namespace
}  // namespace butter::limit
