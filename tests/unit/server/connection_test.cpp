// What an exchange asks its connection. Output: connection_output_test.cpp; how it ends:
// connection_life_test.cpp.

#include "server/connection.h"

#include <gtest/gtest.h>

#include <string>

#include "unit/server/test_service.h"

namespace butter::server {
namespace {

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

class ConnectionTest : public ServerTest {};

TEST_F(ConnectionTest, QueueWritesNothingUntilFlush) {
  connect();
  send(kGet);
  exchange().connection.queue("HTTP/1.1 204 No Content\r\n\r\n");
  settle();
  EXPECT_EQ(client_->received(), "");
  exchange().connection.flush();
  settle();
  EXPECT_EQ(client_->received(), "HTTP/1.1 204 No Content\r\n\r\n");
}

TEST_F(ConnectionTest, FinishFlushes) {
  connect();
  send(kGet);
  exchange().connection.queue("");
  exchange().connection.queue("HTTP/1.1 204 No Content\r\n\r\n");
  exchange().connection.finish();
  settle();
  EXPECT_EQ(client_->received(), "HTTP/1.1 204 No Content\r\n\r\n");
  EXPECT_FALSE(client_->ended());
}

TEST_F(ConnectionTest, FlushWithNothingQueuedIsNothing) {
  connect();
  send(kGet);
  exchange().connection.flush();
  settle();
  EXPECT_EQ(client_->received(), "");
  EXPECT_EQ(exchange().connection.waiting(), 0u);
}

TEST_F(ConnectionTest, BytesAreCountedForEachRequest) {
  connect();
  send(kGet);
  exchange().write("0123456789");
  EXPECT_EQ(exchange().connection.bytes_out(), 10u);
  exchange().connection.finish();
  send(kGet);
  EXPECT_EQ(exchange(1).connection.bytes_out(), 0u);
}

TEST_F(ConnectionTest, CloseAfterCloses) {
  connect();
  send(kGet);
  EXPECT_TRUE(exchange().connection.keep_alive());
  exchange().connection.close_after();
  EXPECT_FALSE(exchange().connection.keep_alive());
  exchange().answer("x");
  settle();
  EXPECT_EQ(client_->received(), answer_of("x"));
  EXPECT_TRUE(client_->ended());
}

TEST_F(ConnectionTest, AbortLeavesTheAnswerIncomplete) {
  connect();
  send(kGet);
  exchange().write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n");
  exchange().connection.abort();
  EXPECT_TRUE(ends());
  settle();
  EXPECT_EQ(client_->received(),
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n");
  EXPECT_TRUE(client_->ended());
  EXPECT_EQ(gone(), 0);
}

TEST_F(ConnectionTest, AbortInsideTheBodyEndsIt) {
  connect();
  on_begin_ = [](TestExchange& made) { made.then_body = [&made] { made.connection.abort(); }; };
  send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n012");
  EXPECT_TRUE(ends());
  EXPECT_EQ(exchange().body_ends, 0);
  EXPECT_EQ(gone(), 0);
}

TEST_F(ConnectionTest, FinishInsideTheBodyDropsTheRest) {
  connect();
  on_begin_ = [](TestExchange& made) {
    made.then_body = [&made] {
      made.then_body = nullptr;
      made.answer("enough");
    };
  };
  const std::string post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n";
  send(post + "012");
  EXPECT_EQ(client_->take(), answer_of("enough"));
  on_begin_ = nullptr;
  send("3456789" + std::string(kGet));
  ASSERT_EQ(exchanges_.size(), 2u);
  EXPECT_EQ(exchange(0).body, "012");
  EXPECT_EQ(exchange(0).body_ends, 0);
  EXPECT_EQ(exchange(1).method, "GET");
}

TEST_F(ConnectionTest, KnowsItsPeerAndWhenTheRequestBegan) {
  connect();
  const TimePoint before = std::chrono::steady_clock::now();
  send(kGet);
  EXPECT_EQ(exchange().connection.peer().text(), "127.0.0.1:1");
  EXPECT_GE(exchange().connection.began_at(), before);
  EXPECT_LE(exchange().connection.began_at(), std::chrono::steady_clock::now());
  EXPECT_EQ(&exchange().connection.loop(), &loop_);
}

TEST_F(ConnectionTest, MayBeDestroyedAtAnyTime) {
  connect();
  send(kGet);
  connection_.reset();
  settle();
  EXPECT_TRUE(client_->ended());
  EXPECT_EQ(closed_, 0) << "its owner knows";
}

}  // namespace
}  // namespace butter::server
