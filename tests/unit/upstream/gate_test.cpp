#include "upstream/gate.h"

#include <gtest/gtest.h>

#include <deque>
#include <vector>

#include "support/loop_driver.h"

namespace butter::upstream {
namespace {

using Entry = Gate::Entry;

class GateTest : public testing::Test {
 protected:
  Entry enter(Gate::Place& place, int number, Gate::Bounds bounds = {.inside = 1, .waiting = 10}) {
    return place.enter(gate_, bounds, loop_, [this, number] { turns_.push_back(number); });
  }
  void settle() { support::settle(loop_); }

  net::Loop loop_;
  Gate gate_;
  std::vector<int> turns_;
};

TEST_F(GateTest, LetsInAsManyAsItMay) {
  std::deque<Gate::Place> places(3);
  const Gate::Bounds two{.inside = 2, .waiting = 10};
  EXPECT_EQ(enter(places[0], 0, two), Entry::inside);
  EXPECT_EQ(enter(places[1], 1, two), Entry::inside);
  EXPECT_EQ(enter(places[2], 2, two), Entry::waiting);
  EXPECT_EQ(gate_.inside(), 2u);
  EXPECT_EQ(gate_.waiting(), 1u);
  places[1].leave();
  EXPECT_EQ(gate_.inside(), 2u) << "the place is handed on";
  EXPECT_EQ(turns_, std::vector<int>{}) << "but told from the loop";
  settle();
  EXPECT_EQ(turns_, std::vector{2});
}

TEST_F(GateTest, TurnsComeInTheOrderOfTheQueue) {
  std::deque<Gate::Place> places(5);
  for (int i = 0; i < 5; ++i) { static_cast<void>(enter(places[static_cast<std::size_t>(i)], i)); }
  for (Gate::Place& place : places) {
    place.leave();
    settle();
  }
  EXPECT_EQ(turns_, (std::vector{1, 2, 3, 4}));
  EXPECT_EQ(gate_.inside(), 0u);
}

TEST_F(GateTest, AFullQueueTakesNobody) {
  Gate::Place first, second, third;
  const Gate::Bounds one{.inside = 1, .waiting = 1};
  EXPECT_EQ(enter(first, 1, one), Entry::inside);
  EXPECT_EQ(enter(second, 2, one), Entry::waiting);
  EXPECT_EQ(enter(third, 3, one), Entry::full);
  third.leave();
  EXPECT_EQ(gate_.inside(), 1u);
  EXPECT_EQ(gate_.waiting(), 1u);
}

TEST_F(GateTest, NobodyOvertakesTheQueue) {
  Gate::Place first, second, third;
  EXPECT_EQ(enter(first, 1), Entry::inside);
  EXPECT_EQ(enter(second, 2), Entry::waiting);
  first.leave();
  EXPECT_EQ(enter(third, 3), Entry::waiting) << "the second is inside, though it does not know yet";
}

TEST_F(GateTest, WhoLeavesTheQueueHasNoTurn) {
  Gate::Place first, second, third;
  static_cast<void>(enter(first, 1));
  static_cast<void>(enter(second, 2));
  static_cast<void>(enter(third, 3));
  second.leave();
  EXPECT_EQ(gate_.waiting(), 1u);
  first.leave();
  settle();
  EXPECT_EQ(turns_, std::vector{3});
}

TEST_F(GateTest, WhoLeavesBeforeItHearsOfItsTurnHandsItOn) {
  Gate::Place first, second, third;
  static_cast<void>(enter(first, 1));
  static_cast<void>(enter(second, 2));
  static_cast<void>(enter(third, 3));
  first.leave();
  second.leave();
  settle();
  EXPECT_EQ(turns_, std::vector{3});
  third.leave();
  EXPECT_EQ(gate_.inside(), 0u);
}

TEST_F(GateTest, DestroyingIsLeaving) {
  Gate::Place first;
  static_cast<void>(enter(first, 1));
  {
    Gate::Place second;
    static_cast<void>(enter(second, 2));
  }
  EXPECT_EQ(gate_.waiting(), 0u);
  first.leave();
  EXPECT_EQ(gate_.inside(), 0u);
}

TEST_F(GateTest, ASmallerCapHoldsOnceEnoughHaveLeft) {
  std::deque<Gate::Place> places(4);
  const Gate::Bounds three{.inside = 3, .waiting = 10};
  for (std::size_t i = 0; i < 3; ++i) { static_cast<void>(enter(places[i], 0, three)); }
  EXPECT_EQ(enter(places[3], 3, {.inside = 1, .waiting = 10}), Entry::waiting);
  places[0].leave();
  places[1].leave();
  settle();
  EXPECT_TRUE(turns_.empty());
  places[2].leave();
  settle();
  EXPECT_EQ(turns_, std::vector{3});
}

TEST_F(GateTest, SaysSinceWhenTheFirstWaits) {
  Gate::Place first, second, third;
  static_cast<void>(enter(first, 1));
  EXPECT_FALSE(gate_.first_waits_since());
  static_cast<void>(enter(second, 2));
  const TimePoint since = loop_.now();
  EXPECT_EQ(gate_.first_waits_since(), since);
  settle();
  static_cast<void>(enter(third, 3));
  EXPECT_EQ(gate_.first_waits_since(), since);
  second.leave();
  EXPECT_GT(gate_.first_waits_since(), since);
}

}  // namespace
}  // namespace butter::upstream
