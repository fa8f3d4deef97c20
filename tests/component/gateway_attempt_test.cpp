#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "component/gateway_fixture.h"

namespace butter::gateway::test {
namespace {

using testing::HasSubstr;

const std::string kRequest = request("POST /v1/chat/completions", R"({"model":"m"})");

/// Two providers that serve the model "m", the second under the name "m2".
class AttemptTest : public testing::Test {
 protected:
  [[nodiscard]] config::Config config() const {
    config::Config out = failing_over(first_, second_);
    out.routing.models[0].providers[1].model = "m2";
    return out;
  }

  Upstream first_, second_;
};

TEST_F(AttemptTest, AnErrorStatusLeadsToTheNextProviderWithItsOwnModel) {
  Gateway gateway(config());
  Peer client = gateway.ask(kRequest);
  Peer one = first_.asked();
  one.send(answer(500, "{}"));
  Peer two = second_.accept();
  const Message got = two.read_request();
  EXPECT_EQ(got.body, R"({"model":"m2"})");
  EXPECT_EQ(got.field("authorization"), "Bearer sk-second");
  two.send(answer(200, "{\"a\":2}"));
  const Message back = client.read_answer();
  EXPECT_EQ(back.body, "{\"a\":2}");
  EXPECT_EQ(back.field("x-butter-provider"), "second");
  EXPECT_EQ(back.field("x-butter-model"), "m2");
  EXPECT_EQ(back.field("x-butter-attempts"), "2");
  EXPECT_TRUE(
      gateway.wait_for_metric(R"(butter_attempts_total{provider="second",reason="failover"} 1)"));
}

TEST_F(AttemptTest, TheLastErrorIsTheAnswer) {
  Gateway gateway(config());
  Peer client = gateway.ask(kRequest);
  Peer one = first_.asked();
  one.close();
  Peer two = second_.asked();
  two.send(answer(503, R"({"error":"theirs"})", "Retry-After: 7\r\n"));
  const Message back = client.read_answer();
  EXPECT_EQ(back.status(), 503);
  EXPECT_EQ(back.body, R"({"error":"theirs"})");
  EXPECT_EQ(back.field("retry-after"), "7");
}

TEST_F(AttemptTest, AConnectionThatIsRefusedIsA502WhenNothingElseIsLeft) {
  config::Config config = this->config();
  config.routing.models.clear();
  config.routing.failover.enabled = false;
  config.providers[0].base_url = "http://127.0.0.1:1/v1";
  Gateway gateway(config);
  Peer client = gateway.ask(kRequest);
  const Message back = client.read_answer();
  EXPECT_EQ(back.status(), 502);
  EXPECT_THAT(back.body, HasSubstr(R"("code":"upstream_connect")"));
  EXPECT_EQ(back.field("x-should-retry"), "true");
  EXPECT_EQ(back.field("x-butter-attempts"), "1");
}

TEST_F(AttemptTest, AnotherKeyIsTriedBeforeAnotherProvider) {
  config::Config config = this->config();
  config.providers[0].keys = {{.key = Secret("sk-a"), .models = {}},
                              {.key = Secret("sk-b"), .models = {}}};
  Gateway gateway(config);
  Peer client = gateway.ask(kRequest);
  Peer one = first_.accept();
  const std::string first_key = one.read_request().field("authorization");
  one.send(answer(429, "{}"));
  // The rest of the first answer is still being read, so it is another connection.
  Peer again = first_.accept();
  const Message second_try = again.read_request();
  EXPECT_TRUE(second_try.whole);
  EXPECT_NE(second_try.field("authorization"), first_key);
  again.send(answer(200, "{}"));
  EXPECT_EQ(client.read_answer().field("x-butter-attempts"), "2");
  EXPECT_FALSE(second_.was_called());
}

TEST_F(AttemptTest, ABackOffEndsWhenTheClientLeaves) {
  config::Config config = this->config();
  config.routing.models.clear();
  config.routing.failover.max_retries = 3;
  config.routing.failover.backoff = {.initial = 1h, .multiplier = 1, .max = 1h, .jitter = 0};
  Gateway gateway(config);
  Peer client = gateway.ask(kRequest);
  Peer one = first_.asked();
  one.send("HTTP/1.1 503 Later\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}");
  EXPECT_TRUE(one.at_end()) << "the refusal was read, and the back-off has begun";
  client.close();
  EXPECT_TRUE(gateway.wait_for_metric("butter_inflight 0"));
  EXPECT_TRUE(gateway.wait_for_metric("butter_clients_left_total 1"));
  EXPECT_THAT(gateway.stop(), HasSubstr(R"("status":499)"));
}

TEST_F(AttemptTest, TheSameAgainAfterABackOff) {
  config::Config config = this->config();
  config.routing.models.clear();
  config.routing.failover.max_retries = 1;
  Gateway gateway(config);
  Peer client = gateway.ask(kRequest);
  Peer one = first_.asked();
  one.send(answer(503, "{}"));
  EXPECT_EQ(one.read_request().body, R"({"model":"m"})");
  one.send(answer(200, "{}"));
  EXPECT_EQ(client.read_answer().status(), 200);
}

TEST_F(AttemptTest, TheBuiltInProvidersErrorLeadsToTheNext) {
  config::Config config = this->config();
  config.providers[0].type = config::ProviderType::mock;
  config.providers[0].base_url = "";
  Gateway gateway(config);
  Peer client = gateway.client();
  // A path that the built-in provider does not know: 404, which is the next provider's turn.
  client.send(request("POST /v1/rerank", R"({"model":"m"})"));
  Peer two = second_.accept();
  EXPECT_EQ(two.read_request().body, R"({"model":"m2"})");
  two.send(answer(200, "{\"a\":2}"));
  const Message back = client.read_answer();
  EXPECT_EQ(back.status(), 200);
  EXPECT_EQ(back.body, "{\"a\":2}");
}

TEST_F(AttemptTest, TheBuiltInProviderMayBeTriedTwice) {
  config::Config config = this->config();
  config.providers[0].type = config::ProviderType::mock;
  config.providers[0].base_url = "";
  config.routing.models.clear();
  config.routing.failover.max_retries = 1;
  config.routing.failover.retry_on = {404};
  Gateway gateway(config);
  Peer client = gateway.client();
  for (int i = 0; i < 2; ++i) {
    client.send(request("POST /v1/rerank", R"({"model":"m"})"));
    const Message back = client.read_answer();
    EXPECT_EQ(back.status(), 404);
    EXPECT_TRUE(back.whole);
    EXPECT_EQ(back.field("x-butter-attempts"), "2");
    EXPECT_THAT(back.body, HasSubstr("error"));
  }
}

TEST_F(AttemptTest, TheOperatorsHeadersWin) {
  config::Config config = this->config();
  config.providers[0].headers = {{"X-Title", "ours"}, {"X-Team", "a"}};
  Gateway gateway(config);
  Peer client = gateway.ask(request("POST /v1/chat/completions", R"({"model":"m"})",
                                    "x-title: theirs\r\nUser-Agent: me\r\n"));
  Peer one = first_.accept();
  const Message got = one.read_request();
  EXPECT_EQ(got.field("x-title"), "ours");
  EXPECT_EQ(got.field("x-team"), "a");
  EXPECT_EQ(got.field("user-agent"), "me");
  EXPECT_EQ(got.head.find("theirs"), std::string::npos);
}

TEST_F(AttemptTest, PassthroughSendsTheCallersCredentials) {
  config::Config config = this->config();
  config.providers[0].credential_mode = config::CredentialMode::passthrough;
  Gateway gateway(config);
  Peer client = gateway.ask(request("POST /v1/chat/completions", R"({"model":"m"})",
                                    "Authorization: Bearer callers\r\nX-Api-Key: too\r\n"));
  Peer one = first_.accept();
  const Message got = one.read_request();
  EXPECT_EQ(got.field("authorization"), "Bearer callers");
  EXPECT_EQ(got.field("x-api-key"), "too");
  EXPECT_EQ(got.head.find("sk-first"), std::string::npos);
}

TEST_F(AttemptTest, ADeadKeptConnectionIsReplacedUnseen) {
  Gateway gateway(config());
  Peer client = gateway.ask(kRequest);
  Peer one = first_.asked();
  one.send(answer(200, "{}"));
  EXPECT_EQ(client.read_answer().status(), 200);
  one.close();
  client.send(kRequest);
  Peer again = first_.asked();
  again.send(answer(200, "{}"));
  EXPECT_EQ(client.read_answer().field("x-butter-attempts"), "1");
}

}  // namespace
}  // namespace butter::gateway::test
