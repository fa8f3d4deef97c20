#include "gateway/phases.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <numeric>

namespace butter::gateway {
namespace {

constexpr TimePoint kBegin{1h};

TimePoint at(int us) {
  return kBegin + std::chrono::microseconds(us);
}

Phases in_us(std::initializer_list<int> us) {
  Phases out{};
  std::ranges::transform(us, out.begin(), [](int n) { return std::chrono::microseconds(n); });
  return out;
}

Timeline whole() {
  return {.began = at(0),
          .received = at(1),
          .first_attempt = at(3),
          .attempt = at(6),
          .turn = at(10),
          .connected = at(15),
          .sent = at(21),
          .answered = at(28),
          .content = at(36)};
}

TEST(Phases, EachLastsUntilTheNextPoint) {
  EXPECT_EQ(phases_of(whole(), at(45)), in_us({1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST(Phases, TheLastThatBeganLastsUntilTheEnd) {
  Timeline queued = whole();
  queued.turn = queued.connected = queued.sent = queued.answered = queued.content = TimePoint{};
  EXPECT_EQ(phases_of(queued, at(1000)), in_us({1, 2, 3, 994}));
  EXPECT_EQ(phases_of({.began = at(0), .received = at(5)}, at(7)), in_us({5, 2}));
}

TEST(Phases, APointThatWasPassedByLeavesItsTimeToThePhaseBefore) {
  Timeline local = whole();
  local.turn = local.connected = local.sent = TimePoint{};
  EXPECT_EQ(phases_of(local, at(45)), in_us({1, 2, 3, 22, 0, 0, 0, 8, 9}));
}

TEST(Phases, AClockThatIsCoarserMakesNoNegativeTime) {
  Timeline coarse = whole();
  coarse.turn = coarse.connected = at(2);
  coarse.content = at(50);
  const Phases phases = phases_of(coarse, at(45));
  EXPECT_EQ(phases, in_us({1, 2, 3, 0, 0, 15, 7, 17, 0}));
  EXPECT_EQ(std::accumulate(phases.begin(), phases.end(), Duration::zero()), 45us);
}

}  // namespace
}  // namespace butter::gateway
