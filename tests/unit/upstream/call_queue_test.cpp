// A call that waits for its turn: at the endpoint's gate, or for a connection.

#include <gtest/gtest.h>

#include <deque>
#include <string>

#include "unit/upstream/caller.h"

namespace butter::upstream {
namespace {

constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
constexpr Duration kLimit = 40ms;

enum class Cap : std::uint8_t { gate, connections };

/// The two caps differ in what they count, not in how a call waits.
class QueueTest : public UpstreamTest, public testing::WithParamInterface<Cap> {
 protected:
  Pool& one_at_a_time(Duration queue_timeout = 20s, std::uint32_t max_queued = 10) {
    auto to = endpoint();
    if (GetParam() == Cap::gate) {
      to->gate = gate_ = std::make_shared<Gate>();
      to->max_in_flight = 1;
    } else {
      to->max_connections = 1;
    }
    to->max_queued = max_queued;
    to->queue_timeout = queue_timeout;
    return pool(std::move(to));
  }
  void answer(Caller& caller) {
    ASSERT_TRUE(hears());
    peer().send(kAnswer);
    ASSERT_TRUE(over(caller));
    EXPECT_EQ(caller.body, "ok");
  }
  static void expect_overloaded(const Caller& caller, std::string_view detail) {
    ASSERT_TRUE(caller.error.has_value());
    EXPECT_EQ(caller.error->code, Errc::overloaded);
    EXPECT_NE(caller.error->detail.find(detail), std::string::npos) << caller.error->detail;
  }

  std::shared_ptr<Gate> gate_;
};

INSTANTIATE_TEST_SUITE_P(Caps, QueueTest, testing::Values(Cap::gate, Cap::connections),
                         [](const auto& cap) {
                           return cap.param == Cap::gate ? "in_flight" : "connections";
                         });

TEST_P(QueueTest, CallsAreServedInTheirOrder) {
  Pool& one = one_at_a_time();
  std::deque<Caller> callers(4);
  for (Caller& caller : callers) { caller.start(one); }
  EXPECT_NE(callers[0].call.lent_at(), TimePoint{});
  EXPECT_EQ(callers[1].call.lent_at(), TimePoint{});
  for (Caller& caller : callers) { answer(caller); }
  EXPECT_EQ(upstream_.accepted(), 1u);
}

TEST_P(QueueTest, WhoWaitedWasNotSentAtOnce) {
  Pool& one = one_at_a_time();
  Caller first, second;
  exchange(first);
  first.start(one);
  EXPECT_TRUE(first.call.sent_at_once());
  second.start(one);
  answer(first);
  ASSERT_TRUE(run_until([&] { return second.call.sent(); }));
  EXPECT_FALSE(second.call.sent_at_once());
  answer(second);
}

TEST_P(QueueTest, TooLongAWaitIsOverload) {
  Pool& one = one_at_a_time(kLimit);
  Caller busy, waits;
  busy.start(one);
  ASSERT_TRUE(hears());
  waits.start(one, {.connect = 20s, .total = 20s});
  ASSERT_TRUE(over(waits));
  expect_overloaded(waits, "no turn within ");
  EXPECT_GE(waits.error->retry_after, kLimit) << "so long it has waited in vain";
  EXPECT_LT(waits.error->retry_after, 10s);
  peer().send(kAnswer);
  ASSERT_TRUE(over(busy));
  EXPECT_EQ(one.idle(), 1u) << "nobody waits for it any more";
}

TEST_P(QueueTest, TheLimitOfConnectingDoesNotBoundTheWait) {
  Pool& one = one_at_a_time();
  Caller busy, waits;
  busy.start(one);
  ASSERT_TRUE(hears());
  waits.start(one, {.connect = kLimit});
  support::run_for(loop_, 3 * kLimit);
  EXPECT_FALSE(waits.over());
  peer().send(kAnswer);
  answer(waits);
}

TEST_P(QueueTest, TheTotalLimitDoes) {
  Pool& one = one_at_a_time();
  Caller busy, waits;
  busy.start(one);
  ASSERT_TRUE(hears());
  waits.start(one, {.total = kLimit});
  ASSERT_TRUE(over(waits));
  expect_overloaded(waits, "no turn within ");
}

TEST_P(QueueTest, AFullQueueIsOverloadAtOnce) {
  Pool& one = one_at_a_time(20s, 1);
  Caller busy, waits, refused;
  busy.start(one);
  ASSERT_TRUE(hears());
  waits.start(one);
  support::run_for(loop_, kLimit);
  refused.start(one);
  ASSERT_TRUE(refused.over());
  expect_overloaded(refused, "wait");
  EXPECT_GE(refused.error->retry_after, kLimit / 2) << "as long as the first in the queue";
  peer().send(kAnswer);
  answer(waits);
}

TEST_P(QueueTest, WithoutAQueueEveryCallOverTheCapIsRefused) {
  Pool& one = one_at_a_time(20s, 0);
  Caller busy, refused;
  busy.start(one);
  refused.start(one);
  expect_overloaded(refused, "wait");
  EXPECT_EQ(refused.error->retry_after, 0ns);
  ASSERT_TRUE(hears());
  peer().send(kAnswer);
  ASSERT_TRUE(over(busy));
  refused.start(one);
  answer(refused);
}

TEST_P(QueueTest, WhoIsCancelledLeavesTheQueue) {
  Pool& one = one_at_a_time(20s, 1);
  Caller busy, leaves, waits;
  busy.start(one);
  ASSERT_TRUE(hears());
  leaves.start(one);
  leaves.call.cancel();
  waits.start(one);
  EXPECT_FALSE(waits.over()) << "there is room in the queue again";
  peer().send(kAnswer);
  answer(waits);
  EXPECT_FALSE(leaves.over());
}

TEST_P(QueueTest, ACallThatFailsMakesRoom) {
  Pool& one = one_at_a_time();
  Caller fails, waits;
  fails.start(one);
  ASSERT_TRUE(hears());
  waits.start(one);
  peer().close();
  ASSERT_TRUE(over(fails));
  EXPECT_EQ(fails.error->code, Errc::upstream_closed);
  ASSERT_TRUE(hears(1));
  peer(1).send(kAnswer);
  ASSERT_TRUE(over(waits));
  EXPECT_EQ(waits.body, "ok");
}

TEST_P(QueueTest, ARefusedCallMayStartElsewhereAtOnce) {
  Pool& one = one_at_a_time(20s, 0);
  Pool other(loop_, resolver_, std::shared_ptr<const Endpoint>(endpoint()));
  Caller busy, refused;
  busy.start(one);
  ASSERT_TRUE(hears());
  refused.then_failure = [&] {
    refused.then_failure = nullptr;
    refused.start(other);
  };
  refused.start(one);
  ASSERT_TRUE(hears(1));
  peer(1).send(kAnswer);
  ASSERT_TRUE(over(refused));
  EXPECT_EQ(refused.body, "ok");
}

TEST_P(QueueTest, TheLimitsOfTheAnswerHoldAfterTheWait) {
  Pool& one = one_at_a_time();
  Caller first, second;
  first.start(one);
  ASSERT_TRUE(hears());
  second.start(one, {.first_byte = kLimit});
  peer().send(kAnswer);
  ASSERT_TRUE(over(second));
  EXPECT_EQ(second.error->code, Errc::upstream_timeout);
  EXPECT_EQ(second.error->detail, "no answer within 40 ms");
}

class GateQueueTest : public QueueTest {};
INSTANTIATE_TEST_SUITE_P(Caps, GateQueueTest, testing::Values(Cap::gate));

TEST_P(GateQueueTest, HoldsOverTwoPools) {
  Pool& one = one_at_a_time();
  auto to = endpoint();
  to->gate = gate_;
  to->max_in_flight = 1;
  Pool other(loop_, resolver_, std::shared_ptr<const Endpoint>(std::move(to)));
  Caller first, second;
  first.start(one);
  ASSERT_TRUE(hears());
  second.start(other);
  settle();
  EXPECT_EQ(upstream_.accepted(), 1u);
  peer().send(kAnswer);
  ASSERT_TRUE(hears(1));
  peer(1).send(kAnswer);
  ASSERT_TRUE(over(second));
  EXPECT_EQ(gate_->inside(), 0u);
}

TEST_P(GateQueueTest, AReplacedConnectionKeepsThePlace) {
  Pool& one = one_at_a_time();
  Caller caller;
  exchange(caller);
  caller.start(one);
  peer().close();
  ASSERT_TRUE(hears(1));
  EXPECT_EQ(gate_->inside(), 1u);
  peer(1).send(kAnswer);
  ASSERT_TRUE(over(caller));
  EXPECT_EQ(gate_->inside(), 0u);
}

}  // namespace
}  // namespace butter::upstream
