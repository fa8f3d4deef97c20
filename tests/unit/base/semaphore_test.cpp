#include "base/semaphore.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace butter {
namespace {

TEST(Semaphore, CountsWhatNobodyWaitsFor) {
  Semaphore semaphore;
  semaphore.post();
  semaphore.post();
  semaphore.wait();
  semaphore.wait();
}

TEST(Semaphore, LetsAsManyGoAsWerePosted) {
  constexpr int kThreads = 4, kTimes = 1000;
  Semaphore work, done;
  std::atomic<int> taken = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int time = 0; time < kTimes; ++time) {
        work.wait();
        ++taken;
        done.post();
      }
    });
  }
  for (int posted = 1; posted <= kThreads * kTimes; ++posted) {
    EXPECT_LT(taken, posted);
    work.post();
    if (posted % kThreads == 0) {
      for (int i = 0; i < kThreads; ++i) { done.wait(); }
      EXPECT_EQ(taken, posted);
    }
  }
}

}  // namespace
}  // namespace butter
