// Loop::post() and stop() from other threads.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <latch>
#include <memory>
#include <thread>
#include <vector>

#include "net/loop.h"

namespace butter::net {
namespace {

/// Runs a loop on a thread of its own, as a worker does.
class Worker {
 public:
  Worker() : thread_([this] { loop.run(); }) {}
  ~Worker() {
    loop.stop();
    thread_.join();
  }
  Loop loop;

 private:
  std::thread thread_;
};

TEST(LoopThreads, EveryTaskRunsOnceOnTheLoopsThreadInItsSendersOrder) {
  constexpr int kSenders = 4;
  constexpr int kEach = 2000;
  std::vector<std::vector<int>> seen(kSenders);  // touched by the loop's thread only
  std::latch done(kSenders * kEach);
  {
    Worker worker;
    std::vector<std::jthread> senders;
    for (std::size_t s = 0; s < kSenders; ++s) {
      senders.emplace_back([&, s] {
        for (int i = 0; i < kEach; ++i) {
          worker.loop.post([&seen, &done, s, i] {
            seen[s].push_back(i);
            done.count_down();
          });
        }
      });
    }
    done.wait();
  }
  for (const std::vector<int>& one : seen) {
    ASSERT_EQ(one.size(), static_cast<std::size_t>(kEach));
    EXPECT_TRUE(std::ranges::is_sorted(one));
  }
}

TEST(LoopThreads, ATaskWakesASleepingLoop) {
  Worker worker;
  for (int i = 0; i < 200; ++i) {
    std::latch ran(1);
    worker.loop.post([&ran] { ran.count_down(); });
    ran.wait();
  }
}

TEST(LoopThreads, WhatIsPostedWasWrittenBefore) {
  // Immutable data reaches a worker as a shared_ptr in a task.
  Worker worker;
  std::shared_ptr<const int> current;  // the worker's
  std::latch done(100);
  for (int i = 0; i < 100; ++i) {
    worker.loop.post([&current, &done, next = std::make_shared<const int>(i)] {
      if (current != nullptr) { EXPECT_EQ(*current + 1, *next); }
      current = next;
      done.count_down();
    });
  }
  done.wait();
}

TEST(LoopThreads, TwoLoopsMayTalk) {
  Worker left, right;
  std::latch done(1);
  std::function<void(int)> bounce = [&](int left_over) {
    if (left_over == 0) {
      done.count_down();
      return;
    }
    Loop& other = left_over % 2 == 0 ? left.loop : right.loop;
    other.post([&bounce, left_over] { bounce(left_over - 1); });
  };
  bounce(1000);
  done.wait();
}

TEST(LoopThreads, StopEndsTheRunFromAnyThread) {
  for (int i = 0; i < 50; ++i) {
    Loop loop;
    std::thread runner([&loop] { loop.run(); });
    loop.stop();
    runner.join();
  }
}

TEST(LoopThreads, TasksPostedWhileItEndsAreDestroyedNotRunTwice) {
  std::atomic<int> ran = 0;
  const auto held = std::make_shared<int>(0);
  {
    Loop loop;
    std::jthread runner([&loop] { loop.run(); });
    std::jthread sender([&] {
      for (int i = 0; i < 1000; ++i) {
        loop.post([&ran, held] { ran.fetch_add(1, std::memory_order_relaxed); });
      }
    });
    loop.stop();
    runner.join();
    sender.join();
  }
  EXPECT_LE(ran.load(), 1000);
  EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
}  // namespace butter::net
