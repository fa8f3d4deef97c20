// Bodies: cut anywhere, bad, expected, unread, slow, read in place, paused.

#include <gtest/gtest.h>

#include <string>

#include "unit/server/test_service.h"

namespace butter::server {
namespace {

using namespace std::string_literals;

const std::string kNext = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";

std::string post(std::string_view body) {
  return "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + std::string(body);
}

constexpr std::string_view kChunkedHead =
    "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

class BodyTest : public ServerTest {};

TEST_F(BodyTest, AChunkedBodyMayBeCutAnywhere) {
  echo_ = true;
  connect();
  const std::string request = std::string(kChunkedHead) +
                              "4\r\nWiki\r\n6\r\npedia \r\nB\r\nin \r\nchunks\r\n0\r\nT: v\r\n\r\n";
  for (std::size_t cut = 1; cut < request.size(); ++cut) {
    send(request.substr(0, cut));
    EXPECT_EQ(client_->received(), "") << cut;
    send(request.substr(cut));
    EXPECT_EQ(client_->take(), answer_of("POST /x Wikipedia in \r\nchunks")) << cut;
    exchanges_.clear();
  }
}

TEST_F(BodyTest, ABodyWithLengthMayBeCutAnywhere) {
  echo_ = true;
  connect();
  const std::string request = post("0123456789");
  for (std::size_t cut = request.size() - 12; cut < request.size(); ++cut) {
    send(request.substr(0, cut));
    send(request.substr(cut) + kNext);
    EXPECT_EQ(client_->take(), answer_of("POST /x 0123456789") + answer_of("GET /next ")) << cut;
  }
}

TEST_F(BodyTest, TheFlushComesOncePerRead) {
  connect();
  send(std::string(kChunkedHead) + "1\r\na\r\n1\r\nb\r\n");
  EXPECT_EQ(exchange().input_flushes, 1);
  EXPECT_EQ(exchange().body, "ab");
  send("1\r\nc\r\n");
  EXPECT_EQ(exchange().input_flushes, 2);
}

TEST_F(BodyTest, BadFramingIsRefusedAndTheExchangeIsGone) {
  connect();
  send(std::string(kChunkedHead) + "2\r\nab\r\n");
  send("zz\r\n");
  EXPECT_EQ(exchange().gone, 1);
  EXPECT_EQ(exchange().bad_body_status, 400);
  EXPECT_EQ(exchange().body_ends, 0);
  EXPECT_TRUE(client_->received().starts_with("HTTP/1.1 400 "));
  EXPECT_TRUE(client_->ended());
  client_->close();
  EXPECT_TRUE(ends());
  EXPECT_EQ(exchange().gone, 1);
}

TEST_F(BodyTest, ChunkExtensionIsRefused) {
  connect();
  send(std::string(kChunkedHead) + "2;a=b\r\nab\r\n0\r\n\r\n" + std::string(kChunkedHead));
  EXPECT_EQ(exchange().body, "");
  EXPECT_EQ(exchange().gone, 1);
  EXPECT_EQ(exchange().body_ends, 0);
  EXPECT_TRUE(client_->received().starts_with("HTTP/1.1 400 "));
  EXPECT_TRUE(client_->ended());
}

TEST_F(BodyTest, BadFramingBehindABegunAnswerCutsIt) {
  connect();
  send(std::string(kChunkedHead) + "2\r\nab\r\n");
  exchange().write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nearly");
  send("zz\r\n");
  EXPECT_TRUE(ends());
  settle();
  EXPECT_EQ(exchange().gone, 1);
  EXPECT_EQ(client_->received(), "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nearly");
  EXPECT_TRUE(client_->ended());
}

const std::string kExpecting =
    "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";

TEST_F(BodyTest, ContinueIsSentOnceWhenAskedFor) {
  connect();
  send(kExpecting);
  EXPECT_EQ(client_->received(), "");
  exchange().connection.send_continue();
  exchange().connection.send_continue();
  settle();
  EXPECT_EQ(client_->take(), "HTTP/1.1 100 Continue\r\n\r\n");
  send("hello");
  EXPECT_EQ(exchange().body, "hello");
  exchange().answer("ok");
  settle();
  EXPECT_EQ(client_->received(), answer_of("ok"));
  EXPECT_FALSE(client_->ended());
}

TEST_F(BodyTest, ContinueIsNotSentWhenTheBodyCameUnasked) {
  connect();
  send(kExpecting + "he");
  exchange().connection.send_continue();
  settle();
  EXPECT_EQ(client_->received(), "");
}

TEST_F(BodyTest, WithoutContinueTheConnectionCloses) {
  // Whether the client sends the body after all cannot be known.
  connect();
  send(kExpecting);
  EXPECT_FALSE(exchange().connection.keep_alive());
  exchange().answer("no");
  settle();
  EXPECT_EQ(client_->received(), answer_of("no"));
  EXPECT_TRUE(client_->ended());
}

TEST_F(BodyTest, ABadBodyAfterContinueIsStillRefusedWithAStatus) {
  connect();
  send("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n");
  exchange().connection.send_continue();
  send("zz\r\n");
  EXPECT_EQ(client_->received(),
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400 X\r\nConnection: close\r\n\r\n");
}

TEST_F(BodyTest, AShortUnreadBodyIsDroppedAndTheConnectionStays) {
  connect();
  send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n"s + std::string(300, 'u'));
  EXPECT_TRUE(exchange().connection.keep_alive());
  exchange().answer("early");
  settle();
  EXPECT_EQ(client_->received(), answer_of("early"));
  send(std::string(700, 'u') + kNext);
  ASSERT_EQ(exchanges_.size(), 2u);
  EXPECT_EQ(exchange(1).target, "/next");
  EXPECT_EQ(exchange(0).body.size(), 300u);
}

TEST_F(BodyTest, WhatWasHeldBackFollowsAfterAPause) {
  connect();
  on_begin_ = [](TestExchange& made) {
    made.then_body = [&made] { made.connection.pause_input(); };
  };
  send(std::string(kChunkedHead) + "1\r\na\r\n1\r\nb\r\n");
  EXPECT_EQ(exchange().body, "a");
  exchange().connection.resume_input();
  EXPECT_EQ(exchange().body, "ab");
}

TEST_F(BodyTest, ARequestBehindAHeldBackBodyIsServedAfterAnEarlyAnswer) {
  connect();
  on_begin_ = [](TestExchange& made) { made.connection.pause_input(); };
  send(post("0123456789") + kNext);
  ASSERT_EQ(exchanges_.size(), 1u);
  on_begin_ = nullptr;
  exchange().answer("early");
  settle();
  ASSERT_EQ(exchanges_.size(), 2u);
  exchange(1).answer("late");
  settle();
  EXPECT_EQ(client_->received(), answer_of("early") + answer_of("late"));
}

struct LongBody {
  const char* name;
  std::string request;
};

class LongBodies : public ServerTest, public testing::WithParamInterface<LongBody> {};

TEST_P(LongBodies, UnreadAreNotWaitedForButTheAnswerArrives) {
  connect();
  send(GetParam().request);
  EXPECT_FALSE(exchange().connection.keep_alive());
  exchange().answer("no");
  // The client is still sending: it must not be reset before it has read the answer.
  for (int i = 0; i < 20; ++i) { send(std::string(10'000, 'u')); }
  EXPECT_EQ(client_->received(), answer_of("no"));
  EXPECT_TRUE(client_->ended());
  EXPECT_EQ(closed_, 0);
  client_->close();
  EXPECT_TRUE(ends());
  EXPECT_EQ(gone(), 0);
}

INSTANTIATE_TEST_SUITE_P(
    Table, LongBodies,
    testing::Values(LongBody{"length",
                             "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n"},
                    LongBody{"chunked", std::string(kChunkedHead)}),
    [](const auto& test) { return std::string(test.param.name); });

TEST_F(BodyTest, ASlowBodyIsToldSo) {
  limits_.read_timeout = 30ms;
  connect();
  client_->send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
  ASSERT_TRUE(run_until([this] { return client_->ended(); }));
  EXPECT_TRUE(client_->received().starts_with("HTTP/1.1 408 "));
  EXPECT_EQ(exchange().bad_body_status, 408);
}

TEST_F(BodyTest, ABodyThatDripsIsToldSo) {
  limits_.read_timeout = 100ms;
  connect();
  client_->send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\n\r\n");
  std::size_t sent = 0;
  while (sent < 50'000 && !client_->ended()) {
    client_->send("a");
    ++sent;
    support::run_for(loop_, 5ms);  // well within read_timeout each time
  }
  EXPECT_TRUE(client_->received().starts_with("HTTP/1.1 408 "));
  EXPECT_EQ(exchange().bad_body_status, 408);
  EXPECT_LT(sent, 100u);
}

TEST_F(BodyTest, ABodyThatTakesLongerThanAWaitIsFineAtAFairRate) {
  limits_.read_timeout = 100ms;
  connect();
  client_->send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\n\r\n");
  const TimePoint begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(gone(), 0) << i;
    client_->send(std::string(1000, 'a'));
    support::run_for(loop_, 5ms);
  }
  EXPECT_GT(std::chrono::steady_clock::now() - begin, limits_.read_timeout);
  EXPECT_EQ(exchange().body_ends, 1);
}

TEST_F(BodyTest, APauseHasNoTimeLimitWhatFollowsHas) {
  limits_.read_timeout = 30ms;
  connect();
  on_begin_ = [](TestExchange& made) {
    made.then_body = [&made] { made.connection.pause_input(); };
  };
  client_->send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
  support::run_for(loop_, 80ms);
  EXPECT_EQ(gone(), 0);
  EXPECT_EQ(exchange().body, "he");
  exchange().connection.resume_input();
  ASSERT_TRUE(run_until([this] { return client_->ended(); }));
  EXPECT_TRUE(client_->received().starts_with("HTTP/1.1 408 "));
  EXPECT_EQ(gone(), 1);
}

TEST_F(BodyTest, ALargeBodyIsReadInPlace) {
  connect();
  on_begin_ = [](TestExchange& made) { made.room.resize(70'000); };
  std::string body(300'000, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) { body[i] = static_cast<char>('a' + i % 26); }
  client_->send(post(body) + kNext);
  ASSERT_TRUE(run_until([this] { return !exchanges_.empty() && exchange().body_ends == 1; }));
  EXPECT_TRUE(exchange().body == body);
  EXPECT_GT(exchange().in_place, 200'000u);
  exchange().answer("ok");
  settle();
  ASSERT_EQ(exchanges_.size(), 2u);
  EXPECT_EQ(exchange(1).target, "/next");
}

TEST_F(BodyTest, PausedInputStaysInItsOrder) {
  connect();
  on_begin_ = [](TestExchange& made) {
    made.then_body = [&made] { made.connection.pause_input(); };
  };
  std::string body;
  std::string request(kChunkedHead);
  for (int i = 0; i < 500; ++i) {
    const std::string piece = std::to_string(i) + ",";
    body += piece;
    request += std::to_string(piece.size()) + "\r\n" + piece + "\r\n";
  }
  client_->send(request + "0\r\n\r\n" + kNext);
  settle();
  for (int i = 0; i < 5000 && exchange().body_ends == 0; ++i) {
    exchange().connection.resume_input();
    support::settle(loop_, 1);
  }
  EXPECT_EQ(exchange().body, body);
  EXPECT_EQ(exchange().body_ends, 1);
  exchange().answer("ok");
  settle();
  EXPECT_EQ(exchanges_.size(), 2u);
}

}  // namespace
}  // namespace butter::server
