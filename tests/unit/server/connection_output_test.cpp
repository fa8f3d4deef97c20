// Answers larger than the socket takes.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit/server/test_service.h"

namespace butter::server {
namespace {

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

/// A socket that takes a few KiB at a time.
class OutputTest : public ServerTest {
 protected:
  OutputTest() : ServerTest(4096) {}

  void begin_answer() {
    connect();
    client_->hold_reading(true);
    send(kGet);
    ASSERT_EQ(exchanges_.size(), 1u);
  }

  static std::string pattern(std::size_t size) {
    std::string made(size, '\0');
    for (std::size_t i = 0; i < size; ++i) { made[i] = static_cast<char>('a' + (i / 7) % 26); }
    return made;
  }
  [[nodiscard]] bool client_gets(std::size_t bytes) {
    return run_until([this, bytes] { return client_->received().size() >= bytes; });
  }
};

TEST_F(OutputTest, PiecesArriveInOrderHoweverManyAndWhateverTheSocketTakes) {
  begin_answer();
  std::vector<std::string> pieces;
  std::string expected;
  for (std::size_t i = 0; i < 200; ++i) {  // more than one call's worth of pieces
    pieces.push_back(pattern(i * 13 % 900));
    expected += pieces.back();
  }
  for (const std::string& piece : pieces) { exchange().connection.queue(piece); }
  exchange().connection.flush();
  EXPECT_GT(exchange().connection.waiting(), 0u);
  EXPECT_EQ(exchange().connection.bytes_out(), expected.size());
  pieces.clear();  // flushed: the references are no longer needed
  client_->hold_reading(false);
  ASSERT_TRUE(client_gets(expected.size()));
  EXPECT_TRUE(client_->received() == expected);
  EXPECT_EQ(exchange().connection.waiting(), 0u);
}

TEST_F(OutputTest, DrainedIsToldOnceForEachTimeTheHighMarkWasPassed) {
  begin_answer();
  const std::string large = pattern(Connection::kHighMark + 100'000);
  for (int round = 1; round <= 2; ++round) {
    exchange().write(large);
    EXPECT_GT(exchange().connection.waiting(), Connection::kHighMark);
    settle();
    EXPECT_EQ(exchange().drained, round - 1);
    std::size_t waiting_when_told = Connection::kHighMark;
    exchange().then_drained = [&] { waiting_when_told = exchange().connection.waiting(); };
    client_->hold_reading(false);
    ASSERT_TRUE(client_gets(large.size()));
    EXPECT_EQ(exchange().drained, round);
    EXPECT_LT(waiting_when_told, Connection::kLowMark);
    EXPECT_TRUE(client_->take() == large);
    client_->hold_reading(true);
  }
}

TEST_F(OutputTest, BelowTheHighMarkNobodyIsTold) {
  begin_answer();
  const std::string some = pattern(Connection::kHighMark / 2);
  exchange().write(some);
  client_->hold_reading(false);
  ASSERT_TRUE(client_gets(some.size()));
  EXPECT_EQ(exchange().drained, 0);
}

TEST_F(OutputTest, TheExchangeMayWriteAndFinishWhenDrained) {
  begin_answer();
  const std::string large = pattern(Connection::kHighMark + 100'000);
  exchange().then_drained = [&] {
    exchange().connection.queue("the end");
    exchange().connection.finish();
  };
  exchange().write(large);
  client_->hold_reading(false);
  ASSERT_TRUE(client_gets(large.size() + 7));
  EXPECT_TRUE(client_->take() == large + "the end");
  on_begin_ = [](TestExchange& made) { made.then_end = [&made] { made.answer("two"); }; };
  send(kGet);
  EXPECT_EQ(client_->received(), answer_of("two"));
}

TEST_F(OutputTest, TheNextRequestWaitsUntilTheAnswerIsOut) {
  begin_answer();
  const std::string large = pattern(200'000);
  exchange().connection.queue(large);
  exchange().connection.finish();
  send(kGet);
  EXPECT_EQ(exchanges_.size(), 1u);
  client_->hold_reading(false);
  ASSERT_TRUE(client_gets(large.size()));
  settle();
  EXPECT_EQ(exchanges_.size(), 2u);
}

TEST_F(OutputTest, AbortLetsOutWhatWasQueuedAndNoMore) {
  begin_answer();
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string large = pattern(200'000);
  exchange().connection.queue(head);
  exchange().connection.queue(large);
  exchange().connection.abort();
  EXPECT_EQ(closed_, 0);
  client_->hold_reading(false);
  ASSERT_TRUE(ends());
  settle();
  EXPECT_TRUE(client_->received() == head + large);
  EXPECT_TRUE(client_->ended());
  EXPECT_EQ(gone(), 0) << "the exchange had ended itself";
}

TEST_F(OutputTest, CloseAfterLetsOutWhatWasQueued) {
  begin_answer();
  const std::string large = pattern(200'000);
  exchange().connection.close_after();
  exchange().connection.queue(large);
  exchange().connection.finish();
  client_->hold_reading(false);
  ASSERT_TRUE(run_until([this] { return client_->ended(); }));
  EXPECT_TRUE(client_->received() == large);
}

TEST_F(OutputTest, AClientThatTakesNothingIsGoneAfterTheLimit) {
  limits_.write_timeout = 40ms;
  begin_answer();
  exchange().write(pattern(200'000));
  ASSERT_TRUE(ends());
  EXPECT_EQ(gone(), 1);
}

TEST_F(OutputTest, AClientThatTakesSlowlyIsNot) {
  limits_.write_timeout = 100ms;
  begin_answer();
  exchange().write(pattern(100'000));
  const TimePoint began = std::chrono::steady_clock::now();
  // Some bytes every now and then, for several limits.
  while (std::chrono::steady_clock::now() - began < 350ms && closed_ == 0) {
    support::run_for(loop_, 10ms);
    client_->hold_reading(false);
    client_->hold_reading(true);
  }
  EXPECT_EQ(closed_, 0);
  EXPECT_EQ(gone(), 0);
}

TEST_F(OutputTest, AFinishedAnswerIsBoundByTheLimitToo) {
  limits_.write_timeout = 40ms;
  begin_answer();
  const std::string large = pattern(200'000);
  exchange().connection.queue(large);
  exchange().connection.finish();
  ASSERT_TRUE(ends());
  EXPECT_EQ(gone(), 0);
}

TEST_F(OutputTest, DrainingKeepsTheLastBytes) {
  begin_answer();
  const std::string large = pattern(200'000);
  exchange().connection.queue(large);
  exchange().connection.finish();
  limits_.read_timeout = 30ms;
  connection_->drain();
  EXPECT_EQ(closed_, 0);
  client_->hold_reading(false);
  ASSERT_TRUE(ends());
  settle();
  EXPECT_TRUE(client_->received() == large);
}

TEST_F(OutputTest, DrainingKeepsTheLastBytesWhenABodyWasDropped) {
  connect();
  client_->hold_reading(true);
  send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n");
  const std::string large = pattern(200'000);
  exchange().connection.queue(large);
  exchange().connection.finish();
  send("0123456789");  // dropped: the next head is waited for while bytes still wait
  limits_.read_timeout = 30ms;
  connection_->drain();
  EXPECT_EQ(closed_, 0);
  client_->hold_reading(false);
  ASSERT_TRUE(ends());
  settle();
  EXPECT_TRUE(client_->received() == large);
}

}  // namespace
}  // namespace butter::server
