#include "upstream/pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

#include "unit/upstream/caller.h"

namespace butter::upstream {
namespace {

const std::string kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

class PoolTest : public UpstreamTest {
 protected:
  Pool& capped(std::uint32_t most) {
    auto to = endpoint();
    to->max_connections = most;
    return pool(std::move(to));
  }
};

TEST_F(PoolTest, AConnectionIsUsedAgain) {
  Caller caller;
  for (int i = 0; i < 10; ++i) { exchange(caller); }
  EXPECT_EQ(upstream_.accepted(), 1u);
  EXPECT_EQ(pool().open(), 1u);
  EXPECT_EQ(pool().idle(), 1u);
}

TEST_F(PoolTest, CallsAtTheSameTimeHaveTheirOwn) {
  std::deque<Caller> callers(5);
  for (Caller& caller : callers) { caller.start(pool()); }
  EXPECT_EQ(pool().open(), 5u);
  for (std::size_t i = 0; i < callers.size(); ++i) {
    ASSERT_TRUE(hears(i));
    peer(i).send(kAnswer);
  }
  for (Caller& caller : callers) { ASSERT_TRUE(over(caller)); }
  EXPECT_EQ(pool().idle(), 5u);
}

TEST_F(PoolTest, TheMostRecentlyUsedIsLentFirst) {
  Caller first, second;
  first.start(pool());
  ASSERT_TRUE(hears(0));
  second.start(pool());
  ASSERT_TRUE(hears(1));
  peer(1).send(kAnswer);
  ASSERT_TRUE(over(second));
  peer(0).send(kAnswer);
  ASSERT_TRUE(over(first));
  Caller third;
  exchange(third, 0);
}

TEST_F(PoolTest, AtTheCapCallsWaitInTheirOrder) {
  Pool& two = capped(2);
  std::deque<Caller> callers(6);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < callers.size(); ++i) {
    callers[i].then_end = [&order, i] { order.push_back(i); };
    callers[i].start(two);
  }
  EXPECT_EQ(two.open(), 2u);
  EXPECT_FALSE(callers[2].call.sent());
  for (std::size_t round = 0; round < 3; ++round) {
    for (const std::size_t i : {0, 1}) {
      ASSERT_TRUE(hears(i));
      peer(i).send(kAnswer);
      ASSERT_TRUE(over(callers[round * 2 + i]));
    }
  }
  EXPECT_EQ(order, (std::vector<std::size_t>{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(upstream_.accepted(), 2u);
}

TEST_F(PoolTest, AWaitingCallMayBeCancelled) {
  for (const std::size_t which : {1u, 2u, 3u}) {
    Pool& one = capped(1);
    const std::size_t before = upstream_.accepted();
    std::deque<Caller> callers(4);
    for (Caller& caller : callers) { caller.start(one); }
    callers[which].call.cancel();
    for (std::size_t i = 0; i < callers.size(); ++i) {
      if (i == which) { continue; }
      ASSERT_TRUE(hears(before));
      peer(before).send(kAnswer);
      ASSERT_TRUE(over(callers[i])) << i;
      EXPECT_EQ(callers[i].body, "ok");
    }
    EXPECT_FALSE(callers[which].over());
    EXPECT_EQ(upstream_.accepted(), before + 1);
  }
}

TEST_F(PoolTest, ADeadConnectionMakesRoomForOneThatWaits) {
  Pool& one = capped(1);
  Caller first, second;
  first.start(one);
  second.start(one);
  ASSERT_TRUE(hears(0));
  peer(0).close();
  ASSERT_TRUE(over(first));
  EXPECT_TRUE(first.error.has_value());
  ASSERT_TRUE(hears(1));
  peer(1).send(kAnswer);
  ASSERT_TRUE(over(second));
  EXPECT_EQ(second.body, "ok");
}

TEST_F(PoolTest, ACancelledCallMakesRoomForOneThatWaits) {
  Pool& one = capped(1);
  Caller first, second;
  first.start(one);
  second.start(one);
  first.call.cancel();
  ASSERT_TRUE(run_until([&second] { return second.call.sent(); }));
  ASSERT_TRUE(hears(upstream_.accepted() - 1));
  upstream_.last().send(kAnswer);
  ASSERT_TRUE(over(second));
}

TEST_F(PoolTest, AStaleConnectionAtTheCapIsReplaced) {
  Pool& one = capped(1);
  Caller caller;
  exchange(caller);
  caller.start(one);
  peer(0).close();
  ASSERT_TRUE(hears(1));
  peer(1).send(kAnswer);
  ASSERT_TRUE(over(caller));
  EXPECT_EQ(caller.body, "ok");
}

TEST_F(PoolTest, ANewCallInsideTheEndOfAnotherIsServed) {
  Pool& one = capped(1);
  Caller first, second;
  first.then_end = [&] { second.start(one); };
  first.start(one);
  ASSERT_TRUE(hears());
  peer().send(kAnswer);
  ASSERT_TRUE(over(first));
  ASSERT_TRUE(hears());
  peer().send(kAnswer);
  ASSERT_TRUE(over(second));
  EXPECT_EQ(upstream_.accepted(), 1u);
}

TEST_F(PoolTest, TheSameCallMayStartAnewInsideItsEnd) {
  Caller caller;
  int again = 3;
  caller.then_end = [&] {
    if (again-- > 0) { caller.start(pool()); }
  };
  auto to = endpoint();
  to->max_connections = 1;
  caller.start(pool(std::move(to)));
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(hears());
    peer().send(kAnswer);
  }
  ASSERT_TRUE(run_until([&] { return again < 0; }));
  EXPECT_EQ(caller.ends, 1);
}

TEST_F(PoolTest, NoMoreThanMaxIdleAreKept) {
  auto to = endpoint();
  to->max_idle = 2;
  Pool& few = pool(std::move(to));
  std::deque<Caller> callers(5);
  for (Caller& caller : callers) { caller.start(few); }
  for (std::size_t i = 0; i < callers.size(); ++i) {
    ASSERT_TRUE(hears(i));
    peer(i).send(kAnswer);
    ASSERT_TRUE(over(callers[i]));
  }
  EXPECT_EQ(few.idle(), 2u);
  EXPECT_EQ(few.open(), 2u);
  settle();
  EXPECT_TRUE(peer(0).ended()) << "the oldest go";
  EXPECT_FALSE(peer(4).ended());
}

TEST_F(PoolTest, NoneMayBeKept) {
  auto to = endpoint();
  to->max_idle = 0;
  pool(std::move(to));
  Caller caller;
  exchange(caller, 0);
  EXPECT_EQ(pool().open(), 0u);
  exchange(caller, 1);
}

TEST_F(PoolTest, AnIdleConnectionIsClosedAfterItsTime) {
  auto to = endpoint();
  to->idle_timeout = 30ms;
  pool(std::move(to));
  Caller caller;
  exchange(caller);
  const TimePoint began = std::chrono::steady_clock::now();
  ASSERT_TRUE(run_until([this] { return pool().open() == 0; }));
  EXPECT_GE(std::chrono::steady_clock::now() - began, 20ms);
  settle();
  EXPECT_TRUE(peer().ended());
}

TEST_F(PoolTest, ABusyConnectionIsNotIdle) {
  auto to = endpoint();
  to->idle_timeout = 30ms;
  pool(std::move(to));
  Caller caller;
  exchange(caller);
  caller.start(pool());
  support::run_for(loop_, 90ms);
  EXPECT_EQ(pool().open(), 1u);
  ASSERT_TRUE(hears());
  peer().send(kAnswer);
  ASSERT_TRUE(over(caller));
  EXPECT_EQ(caller.body, "ok");
}

TEST_F(PoolTest, DestroyingItClosesItsConnections) {
  Caller caller;
  exchange(caller);
  pool_.reset();
  settle();
  EXPECT_TRUE(peer().ended());
}

}  // namespace
}  // namespace butter::upstream
