#include "plugin/rest.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace butter::plugin {
namespace {

const TimePoint kStart{100h};

void exhaust(Rest& rest, TimePoint now) {
  for (unsigned i = 1; i < Rest::kFailures; ++i) { EXPECT_FALSE(rest.note(true, now)); }
  EXPECT_TRUE(rest.note(true, now));
}

TEST(Rest, BeginsAfterFailuresInARow) {
  Rest rest;
  exhaust(rest, kStart);
  EXPECT_FALSE(rest.may_run(kStart));
  EXPECT_FALSE(rest.may_run(kStart + Rest::kFor - 1ns));
}

TEST(Rest, ASuccessBetweenBeginsTheCountAnew) {
  Rest rest;
  for (unsigned i = 1; i < Rest::kFailures; ++i) { rest.note(true, kStart); }
  rest.note(false, kStart);
  rest.note(true, kStart);
  EXPECT_TRUE(rest.may_run(kStart));
}

TEST(Rest, AfterItOneCallTries) {
  Rest rest;
  exhaust(rest, kStart);
  const TimePoint later = kStart + Rest::kFor;
  EXPECT_TRUE(rest.may_run(later));
  EXPECT_FALSE(rest.may_run(later));
}

TEST(Rest, WhatTheTryShowsCounts) {
  Rest rest;
  exhaust(rest, kStart);
  const TimePoint later = kStart + Rest::kFor;
  ASSERT_TRUE(rest.may_run(later));
  EXPECT_FALSE(rest.note(true, later));  // it rests already
  EXPECT_FALSE(rest.may_run(later + Rest::kFor - 1ns));
  ASSERT_TRUE(rest.may_run(later + Rest::kFor));
  rest.note(false, later + Rest::kFor);
  EXPECT_TRUE(rest.may_run(later + Rest::kFor));
}

TEST(Rest, OfManyThreadsOneTries) {
  Rest rest;
  exhaust(rest, kStart);
  std::atomic<int> tried = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] { tried += rest.may_run(kStart + Rest::kFor) ? 1 : 0; });
  }
  for (std::thread& thread : threads) { thread.join(); }
  EXPECT_EQ(tried, 1);
}

}  // namespace
}  // namespace butter::plugin
