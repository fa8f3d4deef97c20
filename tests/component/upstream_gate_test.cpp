// The gate under many threads.

#include "upstream/gate.h"

#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <thread>
#include <vector>

namespace butter::upstream {
namespace {

using Entry = Gate::Entry;

/// Each enters, says so, and leaves: on a loop and thread of its own.
class Visitor {
 public:
  Visitor(Gate& gate, std::atomic<int>& inside, int visits)
      : gate_(gate), inside_(inside), left_(visits) {}

  void run() {
    visit();
    loop_.run();
  }
  [[nodiscard]] bool exceeded() const { return exceeded_; }
  [[nodiscard]] int left() const { return left_; }

 private:
  static constexpr int kCap = 2;

  void visit() {
    const Gate::Bounds bounds{.inside = kCap, .waiting = 100};
    if (place_.enter(gate_, bounds, loop_, [this] { be_inside(); }) == Entry::inside) {
      loop_.post([this] { be_inside(); });
    }
  }
  void be_inside() {
    if (inside_.fetch_add(1) >= kCap) { exceeded_ = true; }
    loop_.post([this] {
      inside_.fetch_sub(1);
      place_.leave();
      if (--left_ == 0) {
        loop_.stop();
      } else {
        visit();
      }
    });
  }

  Gate& gate_;
  std::atomic<int>& inside_;
  int left_;
  bool exceeded_ = false;
  net::Loop loop_;
  Gate::Place place_;
};

TEST(GateThreads, TheCapHoldsForAllOfThem) {
  Gate gate;
  std::atomic<int> inside{0};
  std::deque<Visitor> visitors;
  for (int i = 0; i < 6; ++i) { visitors.emplace_back(gate, inside, 200); }
  std::vector<std::thread> threads;
  for (Visitor& visitor : visitors) {
    threads.emplace_back([&visitor] { visitor.run(); });
  }
  for (std::thread& thread : threads) { thread.join(); }
  for (const Visitor& visitor : visitors) {
    EXPECT_FALSE(visitor.exceeded());
    EXPECT_EQ(visitor.left(), 0);
  }
  EXPECT_EQ(gate.inside(), 0u);
  EXPECT_EQ(gate.waiting(), 0u);
}

}  // namespace
}  // namespace butter::upstream
