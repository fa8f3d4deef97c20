#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/connection.h"
#include "support/loop_driver.h"
#include "support/peer.h"

namespace butter::server {

/// An exchange that keeps what it is told and answers when the test says so.
class TestExchange final : public Exchange {
 public:
  TestExchange(Connection& of, const http::RequestHead& head)
      : connection(of), method(head.method), target(head.target) {}

  void on_body(std::string_view piece) override {
    EXPECT_FALSE(piece.empty());
    body += piece;
    if (then_body) { then_body(); }
  }
  void on_body_end() override {
    ++body_ends;
    if (then_end) { then_end(); }
  }
  std::span<char> body_room() override { return room; }
  void on_body_in_place(std::size_t n) override {
    body.append(room.data(), n);
    in_place += n;
  }
  void on_drained() override {
    ++drained;
    if (then_drained) { then_drained(); }
  }
  void on_input_flush() override { ++input_flushes; }
  void on_stop() override { answer("stopped"); }
  void on_gone() override { ++gone; }
  void on_bad_body(int status, std::string_view /*why*/) override {
    ++gone;
    bad_body_status = status;
  }

  /// A whole answer.
  void answer(std::string_view text) {
    const std::string whole = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(text.size()) +
                              "\r\n\r\n" + std::string(text);
    connection.queue(whole);
    connection.flush();
    connection.finish();
  }
  void write(std::string_view bytes) {
    connection.queue(bytes);
    connection.flush();
  }

  Connection& connection;
  std::string method, target, body;
  std::vector<char> room;
  std::size_t in_place = 0;
  int body_ends = 0, drained = 0, gone = 0, bad_body_status = 0, input_flushes = 0;
  std::function<void()> then_body, then_end, then_drained;
};

inline std::string answer_of(std::string_view text) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(text.size()) + "\r\n\r\n" +
         std::string(text);
}

/// A Service that keeps its exchanges, a connection, and its client.
class ServerTest : public testing::Test, public Service, public Connection::Owner {
 protected:
  explicit ServerTest(int send_buffer = 0) : pair_(support::make_pair(send_buffer)) {
    limits_.read_timeout = 20s;
    limits_.write_timeout = 20s;
  }

  Exchange* begin(Connection& connection, const http::RequestHead& head) override {
    TestExchange& made = exchanges_.emplace_back(connection, head);
    if (on_begin_) { on_begin_(made); }
    if (echo_) {
      made.then_end = [&made] { made.answer(made.method + " " + made.target + " " + made.body); };
    }
    return answered_in_begin_ ? nullptr : &made;
  }
  std::string_view refusal(int status, std::string_view why) override {
    EXPECT_FALSE(why.empty());
    refusal_ = "HTTP/1.1 " + std::to_string(status) + " X\r\nConnection: close\r\n\r\n";
    return refusal_;
  }
  void on_open() override { ++opened_; }
  void on_close() override { ++closed_; }
  void closed(Connection&) override { loop_.dispose(std::move(connection_)); }

  /// Begins with the limits of this moment.
  void connect() {
    client_ = std::make_unique<support::Peer>(loop_, std::move(pair_.theirs));
    connection_ =
        std::make_unique<Connection>(loop_, net::Stream(std::move(pair_.ours)),
                                     *net::Address::literal("127.0.0.1", 1), *this, *this, limits_);
  }
  /// The client sends, and all that follows of it happens.
  void send(std::string_view bytes) {
    client_->send(bytes);
    support::settle(loop_);
  }
  void settle() { support::settle(loop_); }
  [[nodiscard]] bool run_until(const std::function<bool()>& met) {
    return support::run_until(loop_, met);
  }
  [[nodiscard]] bool ends() {
    return run_until([this] { return closed_ == 1; });
  }
  [[nodiscard]] TestExchange& exchange(std::size_t i = 0) { return exchanges_.at(i); }
  [[nodiscard]] int gone() const {
    int all = 0;
    for (const TestExchange& one : exchanges_) { all += one.gone; }
    return all;
  }

  net::Loop loop_;
  support::Pair pair_;
  Limits limits_;
  bool echo_ = false;
  bool answered_in_begin_ = false;
  std::function<void(TestExchange&)> on_begin_;
  std::string refusal_;
  std::deque<TestExchange> exchanges_;
  int opened_ = 0, closed_ = 0;
  std::unique_ptr<support::Peer> client_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace butter::server
