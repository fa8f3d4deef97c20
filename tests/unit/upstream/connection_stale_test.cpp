// Connections of the pool that turn out to be dead: replaced once, unseen, where that is safe.

#include <gtest/gtest.h>

#include <string>

#include "unit/upstream/caller.h"

namespace butter::upstream {
namespace {

class StaleTest : public UpstreamTest {
 protected:
  /// One connection in the pool, which the upstream is about to close.
  void SetUp() override {
    Caller first;
    exchange(first);
    ASSERT_EQ(pool().idle(), 1u);
  }
};

const std::string kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

TEST_F(StaleTest, ARequestIsSentAgainOnAFreshConnection) {
  Caller caller;
  caller.start(pool());
  EXPECT_TRUE(caller.call.sent_at_once());
  peer().close();  // the request has crossed its way
  ASSERT_TRUE(upstream_.hears(1, "\r\n\r\n"));
  EXPECT_EQ(peer(1).received(), kGet) << "the whole request, once";
  EXPECT_TRUE(caller.call.sent());
  peer(1).send(kAnswer);
  ASSERT_TRUE(over(caller));
  EXPECT_EQ(caller.body, "ok");
  EXPECT_EQ(caller.ends, 1);
  EXPECT_EQ(pool().open(), 1u);
}

TEST_F(StaleTest, AlsoWhenTheUpstreamReadItAndClosed) {
  Caller caller;
  caller.start(pool());
  ASSERT_TRUE(hears());
  peer().close();
  ASSERT_TRUE(hears(1));
  peer(1).send(kAnswer);
  ASSERT_TRUE(over(caller));
  EXPECT_EQ(caller.body, "ok");
}

TEST_F(StaleTest, AlsoWhenTheConnectionWasResetBeforeTheWrite) {
  peer().reset();  // the loop has not heard of it: the write fails
  Caller caller;
  caller.start(pool());
  ASSERT_TRUE(hears(1));
  peer(1).send(kAnswer);
  ASSERT_TRUE(over(caller));
  EXPECT_EQ(caller.body, "ok");
}

TEST_F(StaleTest, AFailedWriteDoesNotReadWhereItStands) {
  // Who starts a call may hold views into the loop's scratch.
  peer().send("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n");
  peer().reset();
  loop_.scratch().front() = '!';
  Caller caller;
  caller.start(pool());
  EXPECT_EQ(loop_.scratch().front(), '!');
  caller.call.cancel();
}

TEST_F(StaleTest, ARequestWithABodyToComeKeepsItOpen) {
  peer().reset();
  constexpr std::string_view kPost = "POST / HTTP/1.1\r\nHost: u\r\nContent-Length: 4\r\n\r\n";
  Caller caller;
  caller.start(pool(), {}, {.pieces = {&kPost, 1}, .body_follows = true});
  ASSERT_TRUE(hears(1));
  EXPECT_TRUE(caller.call.send_body("body", true));
  ASSERT_TRUE(upstream_.hears(1, "body"));
  peer(1).send(kAnswer);
  ASSERT_TRUE(over(caller));
  EXPECT_EQ(caller.body, "ok");
}

TEST_F(StaleTest, ABodyThatWasSentCannotBeSentAgain) {
  constexpr std::string_view kPost = "POST / HTTP/1.1\r\nHost: u\r\nContent-Length: 8\r\n\r\n";
  Caller caller;
  caller.start(pool(), {}, {.pieces = {&kPost, 1}, .body_follows = true});
  static_cast<void>(caller.call.send_body("body", false));
  peer().close();
  ASSERT_TRUE(over(caller));
  EXPECT_EQ(caller.error->code, Errc::upstream_closed);
  EXPECT_EQ(upstream_.accepted(), 1u);
}

TEST_F(StaleTest, AfterAByteOfTheAnswerItIsAFailure) {
  Caller caller;
  caller.start(pool());
  ASSERT_TRUE(hears());
  peer().send("H");
  settle();
  peer().close();
  ASSERT_TRUE(over(caller));
  EXPECT_EQ(caller.error->code, Errc::upstream_closed);
  EXPECT_EQ(upstream_.accepted(), 1u);
}

TEST_F(StaleTest, AFreshConnectionIsNotReplaced) {
  Caller caller;
  caller.start(pool());
  peer().close();
  ASSERT_TRUE(hears(1));
  peer(1).close();
  ASSERT_TRUE(over(caller));
  EXPECT_EQ(caller.error->code, Errc::upstream_closed);
  EXPECT_EQ(upstream_.accepted(), 2u);
}

TEST_F(StaleTest, WhenNoFreshOneCanBeHadTheCallFails) {
  Caller caller;
  caller.start(pool());
  upstream_.stop();
  peer().close();
  ASSERT_TRUE(over(caller));
  EXPECT_EQ(caller.error->code, Errc::upstream_connect);
}

TEST_F(StaleTest, TheCallMayBeCancelledWhileItIsReplaced) {
  Caller caller;
  caller.start(pool());
  peer().close();
  ASSERT_TRUE(run_until([this] { return upstream_.accepted() == 2; }));
  caller.call.cancel();
  EXPECT_TRUE(run_until([this] { return peer(1).ended(); }));
  EXPECT_EQ(pool().open(), 0u);
  EXPECT_FALSE(caller.over());
}

TEST_F(StaleTest, TheLimitsHoldForTheReplacementToo) {
  Caller caller;
  caller.start(pool(), {.first_byte = 40ms});
  peer().close();
  ASSERT_TRUE(hears(1));
  ASSERT_TRUE(over(caller));
  EXPECT_EQ(caller.error->code, Errc::upstream_timeout);
}

}  // namespace
}  // namespace butter::upstream
