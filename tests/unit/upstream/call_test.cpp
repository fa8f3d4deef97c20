// One call: what it sends, pausing, leaving. Its time limits: call_limits_test.cpp.

#include "upstream/call.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "unit/upstream/caller.h"

namespace butter::upstream {
namespace {

constexpr std::string_view kPostHead =
    "POST / HTTP/1.1\r\nHost: u\r\nTransfer-Encoding: chunked\r\n\r\n";
const std::string kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

class CallTest : public UpstreamTest {
 protected:
  void start_upload(Caller& caller, const Limits& limits = {}) {
    caller.start(pool(), limits, {.pieces = {&kPostHead, 1}, .body_follows = true});
  }
};

TEST_F(CallTest, PiecesAreSentInOrder) {
  std::array<std::string_view, Call::kMostPieces> pieces;
  std::string expected;
  const std::string letters = "abcdefghijklmnopqrst";
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    pieces[i] = std::string_view(letters).substr(i, i % 3);
    expected += pieces[i];
  }
  Caller caller;
  caller.start(pool(), {}, {.pieces = pieces});
  ASSERT_TRUE(upstream_.hears(0, expected));
  EXPECT_EQ(peer().received(), expected);
}

TEST_F(CallTest, SaysWhenItWasSent) {
  Caller cold;
  cold.start(pool());
  EXPECT_FALSE(cold.call.sent_at_once());
  EXPECT_FALSE(cold.call.sent());
  ASSERT_TRUE(hears());
  EXPECT_TRUE(cold.call.sent());
  EXPECT_GE(cold.call.sent_at(), cold.call.started_at());
  peer().send(kAnswer);
  ASSERT_TRUE(over(cold));
  Caller warm;
  warm.start(pool());
  EXPECT_TRUE(warm.call.sent_at_once());
}

TEST_F(CallTest, SaysWhenItHadAConnection) {
  Caller cold;
  cold.start(pool());
  EXPECT_NE(cold.call.lent_at(), TimePoint{});
  EXPECT_EQ(cold.call.connected_at(), TimePoint{});
  EXPECT_EQ(cold.call.sent_at(), TimePoint{});
  ASSERT_TRUE(hears());
  EXPECT_GE(cold.call.connected_at(), cold.call.lent_at());
  EXPECT_GE(cold.call.sent_at(), cold.call.connected_at());
  peer().send(kAnswer);
  ASSERT_TRUE(over(cold));
  Caller warm;
  warm.start(pool());
  EXPECT_EQ(warm.call.connected_at(), warm.call.lent_at());
}

TEST_F(CallTest, ALargeRequestWaitsForTheUpstream) {
  upstream_.shrink_buffers(4096);
  std::string large(20 << 20, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) { large[i] = static_cast<char>('a' + i % 25); }
  const std::array<std::string_view, 3> pieces = {kPostHead, large, "the end"};
  Caller caller;
  caller.start(pool(), {}, {.pieces = pieces});
  ASSERT_TRUE(run_until([this] { return upstream_.accepted() == 1; }));
  peer().hold_reading(true);
  settle();
  EXPECT_FALSE(caller.call.sent());
  peer().hold_reading(false);
  ASSERT_TRUE(hears(0, "the end"));
  EXPECT_TRUE(caller.call.sent());
  peer().send(kAnswer);
  ASSERT_TRUE(over(caller));
}

TEST_F(CallTest, ABodyThatComesBeforeTheConnectionWaitsForIt) {
  Caller caller;
  start_upload(caller);
  EXPECT_TRUE(caller.call.send_body("3\r\nabc\r\n", false));
  EXPECT_TRUE(caller.call.send_body("0\r\n\r\n", true));
  ASSERT_TRUE(upstream_.hears(0, "0\r\n\r\n"));
  EXPECT_EQ(peer().received(), std::string(kPostHead) + "3\r\nabc\r\n0\r\n\r\n");
  EXPECT_TRUE(caller.call.sent());
}

TEST_F(CallTest, ABodyFollowsPieceByPiece) {
  Caller caller;
  start_upload(caller);
  ASSERT_TRUE(hears());
  for (const std::string_view piece : {"1\r\na\r\n", "1\r\nb\r\n", ""}) {
    EXPECT_TRUE(caller.call.send_body(piece, piece.empty()));
  }
  ASSERT_TRUE(upstream_.hears(0, "1\r\na\r\n1\r\nb\r\n"));
  EXPECT_TRUE(caller.call.sent());
  EXPECT_TRUE(caller.call.send_body("more", true)) << "after the end it is ignored";
  settle();
  EXPECT_EQ(peer().received(), "1\r\na\r\n1\r\nb\r\n");
}

TEST_F(CallTest, AnUpstreamThatDoesNotReadHoldsTheBodyBack) {
  upstream_.shrink_buffers(4096);
  Caller caller;
  start_upload(caller);
  ASSERT_TRUE(hears());
  peer().hold_reading(true);
  std::string sent;
  bool room = true;
  for (int i = 0; i < 1000 && room; ++i) {
    const std::string piece(64 * 1024, static_cast<char>('a' + i % 26));
    room = caller.call.send_body(piece, false);
    sent += piece;
    settle();
  }
  EXPECT_FALSE(room);
  EXPECT_EQ(caller.drained, 0);
  caller.then_drained = [&] {
    caller.then_drained = nullptr;
    static_cast<void>(caller.call.send_body("the end", true));
  };
  peer().hold_reading(false);
  ASSERT_TRUE(upstream_.hears(0, "the end"));
  EXPECT_TRUE(peer().received() == sent + "the end");
  EXPECT_GE(caller.drained, 1);
  peer().send(kAnswer);
  ASSERT_TRUE(over(caller));
}

TEST_F(CallTest, AnAnswerBeforeTheBodyIsSentEndsTheCallAndTheConnection) {
  Caller caller;
  start_upload(caller);
  ASSERT_TRUE(hears());
  peer().send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
  ASSERT_TRUE(over(caller));
  EXPECT_EQ(caller.status, 413);
  EXPECT_EQ(caller.body, "big");
  EXPECT_EQ(caller.ends, 1);
  EXPECT_TRUE(caller.call.send_body("late", true));
  EXPECT_EQ(pool().open(), 0u) << "the rest of the request was never sent";
}

TEST_F(CallTest, AnEarlyAnswerIsReadThoughTheUpstreamStoppedReading) {
  upstream_.shrink_buffers(4096);
  Caller caller;
  start_upload(caller);
  ASSERT_TRUE(hears());
  peer().hold_reading(true);
  static_cast<void>(caller.call.send_body(std::string(100'000, 'x'), false));
  peer().send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
  peer().close();  // unread bytes: a reset follows the answer
  static_cast<void>(caller.call.send_body(std::string(100'000, 'x'), false));
  ASSERT_TRUE(over(caller));
  EXPECT_EQ(caller.status, 413);
  EXPECT_EQ(caller.body, "big");
}

TEST_F(CallTest, PausedNothingIsTold) {
  Caller caller;
  caller.then_head = [&] { caller.call.pause(); };
  caller.start(pool());
  ASSERT_TRUE(hears());
  const std::string large(32 << 20, 'x');  // more than the sockets hold
  peer().send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(large.size()) + "\r\n\r\n" +
              large);
  settle();
  EXPECT_LE(caller.body.size(), net::Loop::kScratchBytes) << "what was read already, no more";
  EXPECT_FALSE(peer().sent_all());
  EXPECT_FALSE(caller.over());
  caller.call.resume();
  ASSERT_TRUE(over(caller));
  EXPECT_TRUE(caller.body == large);
}

TEST_F(CallTest, PausingTimeAndAgainLosesNothing) {
  Caller caller;
  caller.then_body = [&] { caller.call.pause(); };
  caller.start(pool());
  ASSERT_TRUE(hears());
  std::string large(1 << 20, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) { large[i] = static_cast<char>('a' + i % 26); }
  peer().send("HTTP/1.1 200 OK\r\n\r\n" + large);
  for (int i = 0; i < 10'000 && caller.body.size() < large.size(); ++i) {
    support::settle(loop_, 1);
    caller.call.resume();
  }
  peer().close();  // seen, though the edge comes while paused
  support::settle(loop_);
  caller.call.resume();
  ASSERT_TRUE(over(caller));
  EXPECT_EQ(caller.ends, 1);
  EXPECT_TRUE(caller.body == large);
}

TEST_F(CallTest, CancellingAnIdleCallIsNothing) {
  Call call;
  call.cancel();
  call.discard();
  call.resume();
  EXPECT_FALSE(call.active());
  EXPECT_TRUE(call.send_body("x", true));
}

TEST_F(CallTest, CancellingInsideTheHeadClosesAndNothingFollows) {
  Caller caller;
  caller.then_head = [&] { caller.call.cancel(); };
  caller.start(pool());
  ASSERT_TRUE(hears());
  peer().send(kAnswer);
  ASSERT_TRUE(run_until([this] { return peer().ended(); }));
  EXPECT_EQ(caller.status, 200);
  EXPECT_EQ(caller.body, "");
  EXPECT_FALSE(caller.over());
  EXPECT_EQ(pool().open(), 0u);
}

TEST_F(CallTest, CancellingInsideTheBodyClosesAndNothingFollows) {
  Caller caller;
  caller.then_body = [&] { caller.call.cancel(); };
  caller.start(pool());
  ASSERT_TRUE(hears());
  peer().send(kAnswer);
  ASSERT_TRUE(run_until([this] { return peer().ended(); }));
  EXPECT_FALSE(caller.over());
}

TEST_F(CallTest, DestroyingWhileStreamingClosesTheUpstream) {
  {
    Caller caller;
    caller.start(pool());
    ASSERT_TRUE(hears());
    peer().send("HTTP/1.1 200 OK\r\n\r\nsome");
    ASSERT_TRUE(run_until([&] { return caller.body == "some"; }));
  }
  EXPECT_TRUE(run_until([this] { return peer().ended(); }));
}

struct DiscardCase {
  const char* name;
  std::string head_and_start;  ///< told before the call is discarded
  std::string rest;            ///< sent afterwards
  bool reused;
};

class Discard : public CallTest, public testing::WithParamInterface<DiscardCase> {
 protected:
  void expect_reuse() {
    if (!GetParam().reused) {
      EXPECT_TRUE(run_until([this] { return peer().ended(); }));
      EXPECT_EQ(pool().open(), 0u);
      return;
    }
    ASSERT_TRUE(run_until([this] { return pool().idle() == 1; }));
    Caller next;
    exchange(next, 0);
    EXPECT_EQ(upstream_.accepted(), 1u);
  }
};

std::vector<DiscardCase> discards() {
  const std::string chunked = "HTTP/1.1 500 X\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string length = "HTTP/1.1 500 X\r\nContent-Length: ";
  return {
      {"short", length + "5\r\n\r\nab", "cde", true},
      {"short_chunked", chunked + "2\r\nab\r\n", "1\r\nc\r\n0\r\n\r\n", true},
      {"already_here", length + "5\r\n\r\nabcde", "", true},
      {"long", length + "1000000\r\n\r\nab", "", false},
      {"long_chunked", chunked, "186a0\r\n" + std::string(100'000, 'x') + "\r\n0\r\n\r\n", false},
      {"until_close", "HTTP/1.1 500 X\r\n\r\nab", "", false},
      {"says_close", "HTTP/1.1 500 X\r\nConnection: close\r\nContent-Length: 5\r\n\r\nab", "",
       false},
      {"bad_framing", chunked + "2\r\nab\r\n", "zz\r\n", false},
      {"more_than_the_answer", length + "2\r\n\r\na", "bHTTP/1.1 200 OK\r\n\r\n", false},
  };
}

TEST_P(Discard, InsideTheHead) {
  Caller caller;
  caller.then_head = [&] { caller.call.discard(); };
  caller.start(pool());
  ASSERT_TRUE(hears());
  peer().send(GetParam().head_and_start);
  settle();
  EXPECT_EQ(caller.status, 500);
  EXPECT_FALSE(caller.over());
  EXPECT_EQ(caller.body, "");
  peer().send(GetParam().rest);
  expect_reuse();
}

TEST_P(Discard, WhilePaused) {
  Caller caller;
  caller.then_head = [&] { caller.call.pause(); };
  caller.start(pool());
  ASSERT_TRUE(hears());
  peer().send(GetParam().head_and_start);
  settle();
  peer().send(GetParam().rest);
  settle();
  const bool was_over = caller.over();
  caller.call.discard();
  if (!was_over) { EXPECT_FALSE(caller.over()); }
  expect_reuse();
}

INSTANTIATE_TEST_SUITE_P(Table, Discard, testing::ValuesIn(discards()),
                         [](const auto& test) { return std::string(test.param.name); });

TEST_F(CallTest, DiscardingBeforeTheHeadCloses) {
  Caller caller;
  caller.start(pool());
  ASSERT_TRUE(hears());
  caller.call.discard();
  EXPECT_TRUE(run_until([this] { return peer().ended(); }));
}

TEST_F(CallTest, AnAnswerThatNeverEndsIsNotDrainedForever) {
  Caller caller;
  caller.then_head = [&] { caller.call.discard(); };
  caller.start(pool());
  ASSERT_TRUE(hears());
  peer().send("HTTP/1.1 500 X\r\nContent-Length: 5\r\n\r\nab");
  EXPECT_TRUE(run_until([this] { return peer().ended(); }));
  EXPECT_EQ(pool().open(), 0u);
}

TEST_F(CallTest, MayStartAnewInsideAFailure) {
  Caller caller;
  bool again = true;
  caller.then_failure = [&] {
    if (std::exchange(again, false)) { caller.start(pool()); }
  };
  caller.start(pool());
  ASSERT_TRUE(hears());
  peer().close();
  ASSERT_TRUE(hears(1));
  peer(1).send(kAnswer);
  ASSERT_TRUE(over(caller));
  EXPECT_EQ(caller.body, "ok");
}

}  // namespace
}  // namespace butter::upstream
