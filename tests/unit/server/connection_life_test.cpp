// How a connection ends: the client leaves, the server drains or terminates.

#include <gtest/gtest.h>

#include <string>

#include "unit/server/test_service.h"

namespace butter::server {
namespace {

/// How far a request has come when the client leaves.
enum class Stage {
  silent,
  half_a_head,
  in_the_body,
  body_paused,
  before_the_answer,
  answer_begun,
  answer_waits,
  answer_finished_and_waits,
  between_requests,
  body_being_dropped,
  refused,
};

enum class Leaving { close, half_close };

struct LeaveCase {
  const char* name;
  Stage stage;
  int gone;  ///< exchanges that must hear of it
};

class ClientLeaves : public ServerTest,
                     public testing::WithParamInterface<std::tuple<LeaveCase, Leaving>> {
 protected:
  ClientLeaves() : ServerTest(4096) {}

  void reach(Stage stage) {
    connect();
    const std::string post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n";
    const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    switch (stage) {
      case Stage::silent: break;
      case Stage::half_a_head: send("GET / HT"); return;
      case Stage::in_the_body: send(post + "012"); return;
      case Stage::body_paused:
        on_begin_ = [](TestExchange& made) { made.connection.pause_input(); };
        send(post + "012");
        return;
      case Stage::before_the_answer: send(get); return;
      case Stage::answer_begun:
        send(get);
        exchange().write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
        break;
      case Stage::answer_waits:
      case Stage::answer_finished_and_waits:
        client_->hold_reading(true);
        send(get);
        exchange().write(std::string(500'000, 'x'));
        if (stage == Stage::answer_finished_and_waits) { exchange().connection.finish(); }
        break;
      case Stage::between_requests:
        send(get);
        exchange().answer("x");
        break;
      case Stage::body_being_dropped:
        send(post);
        exchange().answer("x");
        break;
      case Stage::refused: send("nonsense\r\n\r\n"); break;
    }
    settle();
  }
};

constexpr LeaveCase kLeaving[] = {
    {"silent", Stage::silent, 0},
    {"half_a_head", Stage::half_a_head, 0},
    {"in_the_body", Stage::in_the_body, 1},
    {"body_paused", Stage::body_paused, 1},
    {"before_the_answer", Stage::before_the_answer, 1},
    {"answer_begun", Stage::answer_begun, 1},
    {"answer_waits", Stage::answer_waits, 1},
    {"answer_finished_and_waits", Stage::answer_finished_and_waits, 0},
    {"between_requests", Stage::between_requests, 0},
    {"body_being_dropped", Stage::body_being_dropped, 0},
    {"refused", Stage::refused, 0},
};

TEST_P(ClientLeaves, TheExchangeHearsItOnce) {
  const auto& [stage, leaving] = GetParam();
  reach(stage.stage);
  EXPECT_EQ(closed_, 0);
  EXPECT_EQ(gone(), 0);
  leaving == Leaving::close ? client_->close() : client_->shut_down_writing();
  ASSERT_TRUE(ends());
  settle();
  EXPECT_EQ(gone(), stage.gone);
  EXPECT_EQ(closed_, 1);
  EXPECT_EQ(connection_, nullptr);
}

std::string name_of(const testing::TestParamInfo<std::tuple<LeaveCase, Leaving>>& test) {
  const auto& [stage, leaving] = test.param;
  return std::string(stage.name) + (leaving == Leaving::close ? "_close" : "_half_close");
}

INSTANTIATE_TEST_SUITE_P(Table, ClientLeaves,
                         testing::Combine(testing::ValuesIn(kLeaving),
                                          testing::Values(Leaving::close, Leaving::half_close)),
                         name_of);

class LifeTest : public ServerTest {};

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

TEST_F(LifeTest, AFailedWriteIsToldFromTheLoop) {
  connect();
  send(kGet);
  client_->close();
  exchange().write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
  EXPECT_EQ(gone(), 0) << "the exchange is on the stack";
  ASSERT_TRUE(ends());
  EXPECT_EQ(gone(), 1);
}

TEST_F(LifeTest, AnExchangeMayFinishOnABrokenConnection) {
  connect();
  send(kGet);
  client_->close();
  exchange().answer("x");
  EXPECT_FALSE(exchange().connection.keep_alive());
  ASSERT_TRUE(ends());
  EXPECT_EQ(gone(), 0);
}

TEST_F(LifeTest, TerminateEndsAtOnce) {
  connect();
  send(kGet);
  connection_->terminate();
  EXPECT_EQ(closed_, 1);
  EXPECT_EQ(gone(), 1);
  settle();
  EXPECT_TRUE(client_->ended());
}

TEST_F(LifeTest, DrainClosesAnIdleConnection) {
  connect();
  settle();
  connection_->drain();
  settle();
  EXPECT_EQ(closed_, 0) << "a request may be on its way";
  EXPECT_TRUE(ends());
  settle();
  EXPECT_TRUE(client_->ended());
  EXPECT_EQ(client_->received(), "");
}

TEST_F(LifeTest, DrainClosesABusyOneAfterItsAnswer) {
  connect();
  send(kGet);
  connection_->drain();
  EXPECT_FALSE(connection_->keep_alive());
  EXPECT_EQ(closed_, 0);
  send(kGet);
  exchange().answer("x");
  settle();
  EXPECT_EQ(client_->received(), answer_of("x"));
  EXPECT_TRUE(client_->ended());
  EXPECT_EQ(exchanges_.size(), 1u) << "a pipelined request is not begun";
}

TEST_F(LifeTest, AnAnswerThatPromisedAnotherRequestKeepsItInADrain) {
  connect();
  send(kGet);
  EXPECT_TRUE(exchange().connection.keep_alive());
  connection_->drain();
  exchange().answer("x");
  settle();
  EXPECT_EQ(closed_, 0) << "the client has read that it may ask again";
  send(kGet);
  EXPECT_FALSE(exchange(1).connection.keep_alive());
  exchange(1).answer("y");
  settle();
  EXPECT_EQ(client_->received(), answer_of("x") + answer_of("y"));
  EXPECT_TRUE(client_->ended());
}

TEST_F(LifeTest, APromiseIsNotKeptForEver) {
  connect();
  limits_.read_timeout = 30ms;
  send(kGet);
  EXPECT_TRUE(exchange().connection.keep_alive());
  connection_->drain();
  exchange().answer("x");
  EXPECT_TRUE(ends());
}

TEST_F(LifeTest, CutOffTellsTheExchange) {
  connect();
  send(kGet);
  connection_->cut_off();
  settle();
  EXPECT_TRUE(client_->received().ends_with("stopped"));
  EXPECT_EQ(gone(), 0);
}

TEST_F(LifeTest, CutOffRefusesHalfAHead) {
  connect();
  send("GET / HT");
  connection_->cut_off();
  settle();
  EXPECT_TRUE(client_->received().starts_with("HTTP/1.1 503 "));
  EXPECT_TRUE(client_->ended());
}

TEST_F(LifeTest, CutOffClosesAnIdleConnectionAtOnce) {
  connect();
  settle();
  connection_->cut_off();
  EXPECT_EQ(closed_, 1);
}

TEST_F(LifeTest, DrainServesARequestThatHasBegun) {
  echo_ = true;
  connect();
  send("GET / HT");
  connection_->drain();
  on_begin_ = [](TestExchange& made) { EXPECT_FALSE(made.connection.keep_alive()); };
  send("TP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client_->received(), answer_of("GET / "));
  EXPECT_TRUE(client_->ended());
}

TEST_F(LifeTest, ARequestThatWasReadNeedsNoLingering) {
  connect();
  send("GET / HTTP/1.0\r\n\r\n");
  exchange().answer("x");
  EXPECT_EQ(closed_, 1);
  settle();
  EXPECT_EQ(client_->received(), answer_of("x"));
}

/// With a body that nobody reads.
constexpr std::string_view kLongPost =
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n";

TEST_F(LifeTest, LingeringEndsWithTheClient) {
  connect();
  send(kLongPost);
  exchange().answer("x");
  settle();
  EXPECT_TRUE(client_->ended());
  EXPECT_EQ(closed_, 0);
  client_->close();
  EXPECT_TRUE(ends());
}

TEST_F(LifeTest, LingeringEndsByItself) {
  connect();
  send(kLongPost);
  exchange().answer("x");
  const TimePoint began = std::chrono::steady_clock::now();
  EXPECT_TRUE(ends());
  EXPECT_GE(std::chrono::steady_clock::now() - began, 1900ms);
}

}  // namespace
}  // namespace butter::server
