// Requests under limits that a real Redis keeps, and under those of this process.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <thread>
#include <vector>

#include "component/gateway_fixture.h"
#include "support/redis_server.h"

namespace butter::gateway::test {
namespace {

using testing::HasSubstr;

constexpr std::string_view kChat = R"({"model":"m","messages":[],"max_tokens":100})";
constexpr std::string_view kAnswer =
    R"({"choices":[],"usage":{"prompt_tokens":20,"completion_tokens":5}})";

/// With Redis, and without.
class LimitsTest : public testing::TestWithParam<bool> {
 protected:
  LimitsTest() {
    if (GetParam()) { redis_.emplace(); }
    config_.ratelimit.enabled = true;
    config_.ratelimit.redis.enabled = GetParam();
    config_.ratelimit.redis.timeout = 10s;
    if (redis_) { config_.ratelimit.redis.address = "127.0.0.1:" + std::to_string(redis_->port()); }
  }

  void begin(std::size_t workers = 1) {
    if (redis_) { ASSERT_TRUE(redis_->running()) << redis_->why(); }
    gateway_.emplace(config_, [] {}, workers);
  }
  /// One request that the upstream answers.
  Message served(Peer& client, std::string_view reply = kAnswer, int status = 200) {
    client.send(request("POST /v1/chat/completions", kChat));
    Peer up = upstream_.asked();
    up.send(answer(status, reply, "Content-Type: application/json\r\nConnection: close\r\n"));
    return client.read_answer();
  }
  Message refused(Peer& client) {
    client.send(request("POST /v1/chat/completions", kChat));
    Message message = client.read_answer();
    EXPECT_FALSE(upstream_.was_called());
    return message;
  }

  Upstream upstream_;
  config::Config config_ = config_of({provider("up", upstream_)});
  std::optional<support::RedisServer> redis_;
  std::optional<Gateway> gateway_;
};

TEST_P(LimitsTest, RequestsAreJudgedBeforeTheirBodyIsRead) {
  config_.ratelimit.requests_per_minute = 2;
  begin();
  Peer client = gateway_->client();
  EXPECT_EQ(served(client).field("x-ratelimit-remaining-requests"), "1");
  EXPECT_EQ(served(client).field("x-ratelimit-remaining-requests"), "0");
  Peer other = gateway_->ask(
      "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n"
      "Expect: 100-continue\r\n\r\n");
  const Message answer = other.read_answer();
  EXPECT_EQ(answer.status(), 429);
  EXPECT_EQ(answer.field("retry-after"), "30");
  EXPECT_EQ(answer.field("x-ratelimit-remaining-requests"), "0");
  EXPECT_THAT(answer.body, HasSubstr("rate limit exceeded (2 requests/minute)"));
}

TEST_P(LimitsTest, TokensAreSettledByTheUsage) {
  config_.ratelimit.requests_per_minute = 0;
  config_.ratelimit.tokens_per_minute = 1000;
  begin();
  Peer client = gateway_->client();
  // Estimates of 111, usages of 25; a little comes back by itself.
  EXPECT_EQ(served(client).field("x-ratelimit-remaining-tokens"), "889");
  for (int i = 1; i < 3; ++i) {
    const int left = std::stoi(served(client).field("x-ratelimit-remaining-tokens"));
    EXPECT_GE(left, 1000 - i * 25 - 111);
    EXPECT_LE(left, 889);
  }
}

TEST_P(LimitsTest, AFailureGivesAllTokensBack) {
  config_.ratelimit.requests_per_minute = 0;
  config_.ratelimit.tokens_per_minute = 150;
  begin();
  Peer client = gateway_->client();
  for (int i = 0; i < 3; ++i) { EXPECT_EQ(served(client, "{}", 400).status(), 400); }
}

TEST_P(LimitsTest, ADebtIsWaitedFor) {
  config_.ratelimit.requests_per_minute = 0;
  config_.ratelimit.tokens_per_minute = 1000;
  begin();
  Peer client = gateway_->client();
  EXPECT_EQ(
      served(client, R"({"choices":[],"usage":{"prompt_tokens":1900,"completion_tokens":100}})")
          .status(),
      200);
  const Message message = refused(client);
  EXPECT_EQ(message.status(), 429);
  const int wait = std::stoi(message.field("retry-after"));  // for 1000 + 111 tokens
  EXPECT_GE(wait, 60);
  EXPECT_LE(wait, 67);
}

TEST_P(LimitsTest, AProviderAtItsLimitIsPassedOver) {
  Upstream second;
  config_ = [&] {
    config::Config both = config_of({provider("up", upstream_), provider("more", second)});
    both.routing.models = {{.model = "m", .providers = {{.provider = "up"}, {.provider = "more"}}}};
    both.ratelimit = config_.ratelimit;
    return both;
  }();
  config_.ratelimit.requests_per_minute = 0;
  config_.ratelimit.providers["up"].all.requests_per_minute = 1;
  begin();
  Peer client = gateway_->client();
  EXPECT_EQ(served(client).field("x-butter-provider"), "up");
  client.send(request("POST /v1/chat/completions", kChat));
  Peer up = second.asked();
  up.send(answer(200, kAnswer, "Content-Type: application/json\r\n"));
  const Message message = client.read_answer();
  EXPECT_EQ(message.field("x-butter-provider"), "more");
  EXPECT_EQ(message.field("x-butter-attempts"), "1");
  EXPECT_EQ(message.field("x-ratelimit-limit-requests"), "absent");
}

TEST_P(LimitsTest, ManyAtOnceOnAllWorkersNeverGetMore) {
  constexpr int kMost = 20;
  config_.providers[0].type = config::ProviderType::mock;
  config_.ratelimit.requests_per_minute = 1;
  config_.ratelimit.burst = kMost;
  begin(3);
  std::atomic<int> passed{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 6; ++i) {
    clients.emplace_back([&] {
      for (int k = 0; k < 10; ++k) {
        Peer client = gateway_->ask(request("POST /v1/chat/completions", kChat));
        if (client.read_answer().status() == 200) { ++passed; }
      }
    });
  }
  for (std::thread& each : clients) { each.join(); }
  EXPECT_EQ(passed, kMost);
}

INSTANTIATE_TEST_SUITE_P(Buckets, LimitsTest, testing::Bool(),
                         [](const auto& row) { return row.param ? "InRedis" : "OfThisProcess"; });

}  // namespace
}  // namespace butter::gateway::test
