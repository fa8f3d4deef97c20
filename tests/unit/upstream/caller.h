#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "support/loop_driver.h"
#include "support/test_upstream.h"
#include "upstream/call.h"
#include "upstream/pool.h"

namespace butter::upstream {

constexpr std::string_view kGet = "GET /v1/models HTTP/1.1\r\nHost: u\r\n\r\n";

/// A call and what its sink hears. The order of events is held against the contract.
class Caller final : public CallSink {
 public:
  void start(Pool& pool, const Limits& limits = {}) { start(pool, limits, {{&kGet, 1}}); }
  void start(Pool& pool, const Limits& limits, const Call::Request& request) {
    status = 0;
    ends = 0;
    body.clear();
    error.reset();
    call.start(pool, *this, request, limits);
  }

  void on_head(const http::ResponseHead& head) override {
    EXPECT_FALSE(over());
    EXPECT_EQ(status, 0) << "one head an answer";
    status = head.status;
    if (then_head) { then_head(); }
  }
  void on_body(std::span<const std::string_view> pieces) override {
    EXPECT_FALSE(over());
    EXPECT_NE(status, 0);
    for (const std::string_view piece : pieces) {
      EXPECT_FALSE(piece.empty());
      body += piece;
    }
    if (then_body) { then_body(); }
  }
  void on_end() override {
    EXPECT_FALSE(over());
    EXPECT_FALSE(call.active());
    ++ends;
    if (then_end) { then_end(); }
  }
  void on_failure(Error why) override {
    EXPECT_FALSE(over());
    EXPECT_FALSE(call.active());
    error = std::move(why);
    if (then_failure) { then_failure(); }
  }
  void on_flush() override { ++flushes; }
  void on_request_drained() override {
    ++drained;
    if (then_drained) { then_drained(); }
  }

  [[nodiscard]] bool over() const { return ends > 0 || error.has_value(); }

  int status = 0, ends = 0, flushes = 0, drained = 0;
  std::string body;
  std::optional<Error> error;
  std::function<void()> then_head, then_body, then_end, then_failure, then_drained;
  Call call;
};

/// An upstream, the pool of its connections, and the loop that both live on.
class UpstreamTest : public testing::Test {
 protected:
  explicit UpstreamTest(SSL_CTX* tls = nullptr) : upstream_(loop_, tls) {}

  [[nodiscard]] std::unique_ptr<Endpoint> endpoint() const {
    auto made = std::make_unique<Endpoint>();
    made->name = "test";
    made->host = "127.0.0.1";
    made->port = upstream_.port();
    return made;
  }
  /// The pool that the test uses.
  Pool& pool(std::unique_ptr<Endpoint> to) {
    return pool_.emplace(loop_, resolver_, std::shared_ptr<const Endpoint>(std::move(to)));
  }
  Pool& pool() { return pool_ ? *pool_ : pool(endpoint()); }

  void settle() { support::settle(loop_); }
  [[nodiscard]] bool run_until(const std::function<bool()>& met) {
    return support::run_until(loop_, met);
  }
  [[nodiscard]] bool over(const Caller& caller) {
    return run_until([&caller] { return caller.over(); });
  }
  [[nodiscard]] support::Peer& peer(std::size_t i = 0) { return upstream_.peer(i); }
  /// The upstream hears a whole request on connection `i`, and forgets it.
  [[nodiscard]] bool hears(std::size_t i = 0, std::string_view what = "\r\n\r\n") {
    if (!upstream_.hears(i, what)) { return false; }
    static_cast<void>(peer(i).take());
    return true;
  }
  /// One whole exchange on connection `i`.
  void exchange(Caller& caller, std::size_t i = 0) {
    caller.start(pool());
    ASSERT_TRUE(hears(i));
    peer(i).send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    ASSERT_TRUE(over(caller));
    ASSERT_EQ(caller.body, "ok");
    ASSERT_EQ(caller.ends, 1);
  }

  net::Loop loop_;
  net::Resolver resolver_;
  support::TestUpstream upstream_;
  std::optional<Pool> pool_;
};

}  // namespace butter::upstream
