#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "component/gateway_fixture.h"

namespace butter::gateway::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string kMessage =
    R"({"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[{"type":"text",)"
    R"("text":"Hello"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":3,)"
    R"("output_tokens":2}})";
constexpr std::string_view kHi = R"({"model":"m","messages":[{"role":"user","content":"Hi"}])";

config::Provider provider_of(config::ProviderType type, const Upstream& upstream) {
  config::Provider made = provider("p", upstream);
  made.type = type;
  made.keys = {{.key = Secret("sk-1"), .models = {}}};
  made.region = "us-east-1";
  return made;
}

/// One provider of another dialect than the caller's.
class LaneTranslationTest : public testing::Test {
 protected:
  void start(config::ProviderType type) {
    config::Config config = config_of({provider_of(type, upstream_)});
    config.routing.failover.enabled = false;
    gateway_ = std::make_unique<Gateway>(std::move(config));
    client_ = gateway_->client();
  }
  /// Sends a request. \return the upstream's side of it
  Peer ask(std::string_view path, const std::string& body) {
    client_.send(request("POST " + std::string(path), body));
    Peer server = upstream_.accept();
    asked_ = server.read_request();
    return server;
  }

  Upstream upstream_;
  std::unique_ptr<Gateway> gateway_;
  Peer client_;
  Message asked_;  ///< of the gateway, to the upstream
};

TEST_F(LaneTranslationTest, AWholeAnswerIsToldInTheCallersDialect) {
  start(config::ProviderType::anthropic);
  Peer server = ask("/v1/chat/completions", std::string(kHi) + R"(,"seed":1})");
  EXPECT_THAT(asked_.start, StartsWith("POST /v1/messages "));
  EXPECT_THAT(asked_.body, HasSubstr(R"("max_tokens":4096)"));
  server.send(answer(200, kMessage));
  const Message back = client_.read_answer();
  EXPECT_TRUE(back.whole);
  EXPECT_THAT(back.body, HasSubstr(R"("content":"Hello")"));
  EXPECT_EQ(back.field("x-butter-dropped"), "seed");
}

TEST_F(LaneTranslationTest, AnErrorIsToldInTheCallersDialect) {
  start(config::ProviderType::anthropic);
  Peer server = ask("/v1/chat/completions", std::string(kHi) + "}");
  server.send(answer(
      429, R"({"type":"error","error":{"type":"rate_limit_error","message":"Too many requests"}})",
      "Retry-After: 7\r\n"));
  const Message back = client_.read_answer();
  EXPECT_EQ(back.status(), 429);
  EXPECT_EQ(back.field("retry-after"), "7");
  EXPECT_THAT(back.body, HasSubstr("provider error (status 429): Too many requests"));
  EXPECT_THAT(back.body, Not(HasSubstr(R"("type":"error")")));
}

TEST_F(LaneTranslationTest, WhenToComeAgainIsToldOnce) {
  const std::string late =
      R"({"error":{"code":429,"message":"late","details":[)"
      R"({"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"2s"}]}})";
  for (const std::string_view head : {"", "Retry-After: 7\r\n"}) {
    start(config::ProviderType::gemini);
    Peer server = ask("/v1/chat/completions", std::string(kHi) + "}");
    server.send(answer(429, late, head));
    EXPECT_EQ(client_.read_answer().field("retry-after"), head.empty() ? "2" : "7");
  }
}

TEST_F(LaneTranslationTest, AnAnswerThatIsNoneIsABadGateway) {
  start(config::ProviderType::anthropic);
  Peer server = ask("/v1/chat/completions", std::string(kHi) + "}");
  server.send(answer(200, R"({"id":)"));
  EXPECT_EQ(client_.read_answer().status(), 502);
}

TEST_F(LaneTranslationTest, EmbeddingsAreAskedForInTheModelsShape) {
  start(config::ProviderType::gemini);
  Peer server = ask("/v1/embeddings", R"({"model":"m","input":["a","b"],"user":"u"})");
  EXPECT_THAT(asked_.start, HasSubstr("/models/m:batchEmbedContents"));
  EXPECT_EQ(asked_.field("x-goog-api-key"), "sk-1");
  server.send(answer(200, R"({"embeddings":[{"values":[1,2]},{"values":[3,4]}]})"));
  const Message back = client_.read_answer();
  EXPECT_THAT(back.body, HasSubstr(R"({"object":"embedding","index":1,"embedding":[3,4]})"));
  EXPECT_EQ(back.field("x-butter-dropped"), "user");
}

TEST_F(LaneTranslationTest, TooFewEmbeddingsAreABadGateway) {
  start(config::ProviderType::gemini);
  Peer server = ask("/v1/embeddings", R"({"model":"m","input":["a","b"]})");
  server.send(answer(200, R"({"embeddings":[{"values":[1,2]}]})"));
  EXPECT_EQ(client_.read_answer().status(), 502);
}

TEST_F(LaneTranslationTest, BytesGoToTheProvidersOwnPath) {
  start(config::ProviderType::bedrock);
  Peer server = ask("/v1/messages", R"({"model":"anthropic.claude-x","max_tokens":9,"x":1.50})");
  EXPECT_THAT(asked_.start, HasSubstr("/model/anthropic.claude-x/invoke "));
  EXPECT_EQ(asked_.body, R"({"max_tokens":9,"x":1.50,"anthropic_version":"bedrock-2023-05-31"})");
  server.send(answer(200, kMessage));
  EXPECT_EQ(client_.read_answer().body, kMessage);
}

TEST_F(LaneTranslationTest, AnErrorOfAnotherShapeIsToldInTheCallers) {
  start(config::ProviderType::bedrock);
  Peer server = ask("/v1/messages", R"({"model":"anthropic.claude-x","max_tokens":9})");
  server.send(answer(403, R"({"message":"no access"})"));
  const Message back = client_.read_answer();
  EXPECT_EQ(back.status(), 403);
  EXPECT_THAT(back.body, StartsWith(R"({"type":"error","error":{"type":"permission_error",)"));
  EXPECT_THAT(back.body, HasSubstr("no access"));
}

TEST_F(LaneTranslationTest, TokensAreEstimatedWhereNobodyCountsThem) {
  start(config::ProviderType::openai);
  client_.send(request("POST /v1/messages/count_tokens", std::string(kHi) + "}"));
  const Message back = client_.read_answer();
  EXPECT_EQ(back.status(), 200);
  EXPECT_EQ(back.field("x-butter-estimated"), "input_tokens");
  EXPECT_THAT(back.body, StartsWith(R"({"input_tokens":)"));
}

TEST_F(LaneTranslationTest, TheBuiltInProviderAnswersEveryCaller) {
  config::Provider mock;
  mock.name = "mock";
  mock.type = config::ProviderType::mock;
  gateway_ = std::make_unique<Gateway>(config_of({mock}));
  client_ = gateway_->client();
  client_.send(request("POST /v1/messages", std::string(kHi) + R"(,"max_tokens":9})"));
  const Message back = client_.read_answer();
  EXPECT_THAT(back.body, HasSubstr(R"("type":"message")"));
  EXPECT_THAT(back.body, HasSubstr("You said: Hi"));
}

TEST_F(LaneTranslationTest, WithoutACredentialNothingIsSent) {
  config::Provider made = provider_of(config::ProviderType::bedrock, upstream_);
  made.keys.clear();
  gateway_ = std::make_unique<Gateway>(config_of({made}));
  client_ = gateway_->client();
  client_.send(request("POST /v1/messages", R"({"model":"anthropic.claude-x","max_tokens":9})"));
  const Message back = client_.read_answer();
  EXPECT_EQ(back.status(), 503);
  EXPECT_THAT(back.body, StartsWith(R"({"type":"error",)"));
  EXPECT_FALSE(upstream_.was_called());
}

}  // namespace
}  // namespace butter::gateway::test
