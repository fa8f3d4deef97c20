// The time limits of a call. Durations are real and small; each stage is reached by events.

#include <gtest/gtest.h>

#include <string>

#include "unit/upstream/caller.h"

namespace butter::upstream {
namespace {

constexpr Duration kLimit = 40ms;

class LimitsTest : public UpstreamTest {
 protected:
  void expect_timeout(Caller& caller, std::string_view detail) {
    ASSERT_TRUE(over(caller));
    ASSERT_TRUE(caller.error.has_value());
    EXPECT_EQ(caller.error->code, Errc::upstream_timeout);
    EXPECT_EQ(caller.error->detail, detail);
    EXPECT_GE(std::chrono::steady_clock::now() - caller.call.started_at(), kLimit);
    settle();
    if (upstream_.accepted() == 1) { EXPECT_TRUE(peer().ended()); }
  }
};

const std::string kHead = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n";

TEST_F(LimitsTest, FirstByte) {
  Caller caller;
  caller.start(pool(), {.connect = 20s, .first_byte = kLimit, .idle = 20s, .total = 20s});
  ASSERT_TRUE(hears());
  expect_timeout(caller, "no answer within 40 ms");
  EXPECT_EQ(pool().open(), 0u);
}

TEST_F(LimitsTest, FirstByteOnAWarmConnection) {
  Caller caller;
  exchange(caller);
  caller.start(pool(), {.first_byte = kLimit});
  ASSERT_TRUE(hears());
  expect_timeout(caller, "no answer within 40 ms");
}

TEST_F(LimitsTest, AContinueIsNoAnswer) {
  Caller caller;
  caller.start(pool(), {.first_byte = kLimit});
  ASSERT_TRUE(hears());
  peer().send("HTTP/1.1 100 Continue\r\n\r\n");
  expect_timeout(caller, "no answer within 40 ms");
}

TEST_F(LimitsTest, Idle) {
  Caller caller;
  caller.start(pool(), {.first_byte = 20s, .idle = kLimit});
  ASSERT_TRUE(hears());
  peer().send(kHead + "some");
  expect_timeout(caller, "the answer stalled for 40 ms");
  EXPECT_EQ(caller.body, "some");
}

TEST_F(LimitsTest, ASlowStreamIsNotIdle) {
  Caller caller;
  caller.start(pool(), {.first_byte = 20s, .idle = 100ms});
  ASSERT_TRUE(hears());
  peer().send(kHead);
  for (int i = 0; i < 10; ++i) {
    support::run_for(loop_, 25ms);
    peer().send("x");
  }
  EXPECT_FALSE(caller.over());
  peer().send(std::string(90, 'x'));
  ASSERT_TRUE(over(caller));
  EXPECT_EQ(caller.ends, 1);
}

TEST_F(LimitsTest, APauseIsNotIdle) {
  Caller caller;
  caller.then_body = [&] { caller.call.pause(); };
  caller.start(pool(), {.idle = kLimit});
  ASSERT_TRUE(hears());
  peer().send(kHead + "some");
  support::run_for(loop_, 3 * kLimit);
  EXPECT_FALSE(caller.over());
  caller.call.resume();
  ASSERT_TRUE(over(caller));
  EXPECT_EQ(caller.error->detail, "the answer stalled for 40 ms");
}

TEST_F(LimitsTest, Total) {
  Caller caller;
  caller.start(pool(), {.first_byte = 20s, .idle = 20s, .total = kLimit});
  ASSERT_TRUE(hears());
  peer().send(kHead + "some");
  expect_timeout(caller, "no complete answer within 40 ms");
}

TEST_F(LimitsTest, TotalHoldsInAPauseToo) {
  Caller caller;
  caller.then_head = [&] { caller.call.pause(); };
  caller.start(pool(), {.total = kLimit});
  ASSERT_TRUE(hears());
  peer().send(kHead);
  expect_timeout(caller, "no complete answer within 40 ms");
}

TEST_F(LimitsTest, TotalCanBeLifted) {
  Caller caller;
  caller.then_head = [&] { caller.call.set_total(0ns); };
  caller.start(pool(), {.total = 100ms});
  ASSERT_TRUE(hears());
  peer().send(kHead);
  support::run_for(loop_, 250ms);
  EXPECT_FALSE(caller.over());
  peer().send(std::string(100, 'x'));
  ASSERT_TRUE(over(caller));
  EXPECT_EQ(caller.ends, 1);
}

TEST_F(LimitsTest, TotalCanBeSetLater) {
  Caller caller;
  caller.then_head = [&] { caller.call.set_total(kLimit); };
  caller.start(pool(), {.total = 20s});
  ASSERT_TRUE(hears());
  peer().send(kHead);
  expect_timeout(caller, "no complete answer within 40 ms");
}

TEST_F(LimitsTest, ConnectDoesNotBoundTheAnswer) {
  Caller caller;
  caller.start(pool(), {.connect = 100ms});
  ASSERT_TRUE(hears());
  support::run_for(loop_, 250ms);
  EXPECT_FALSE(caller.over());
}

TEST_F(LimitsTest, AnUploadThatMovesIsNotLate) {
  upstream_.shrink_buffers(4096);
  const std::string large(8 << 20, 'x');
  const std::array<std::string_view, 2> pieces = {kGet, large};
  Caller caller;
  caller.start(pool(), {.first_byte = 150ms}, {.pieces = pieces});
  ASSERT_TRUE(run_until([this] { return upstream_.accepted() == 1; }));
  const TimePoint began = std::chrono::steady_clock::now();
  while (!caller.call.sent() && !caller.over() && std::chrono::steady_clock::now() - began < 10s) {
    peer().hold_reading(true);
    support::run_for(loop_, 20ms);
    peer().hold_reading(false);
    support::settle(loop_, 2);
  }
  EXPECT_TRUE(caller.call.sent());
  EXPECT_FALSE(caller.over());
}

TEST_F(LimitsTest, WithoutLimitsItWaits) {
  Caller caller;
  caller.start(pool());
  ASSERT_TRUE(hears());
  support::run_for(loop_, 100ms);
  EXPECT_TRUE(caller.call.active());
}

}  // namespace
}  // namespace butter::upstream
