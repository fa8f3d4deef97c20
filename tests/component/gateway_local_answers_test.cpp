#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "component/gateway_fixture.h"

namespace butter::gateway::test {
namespace {

using testing::HasSubstr;

struct Case {
  const char* name;
  const char* line;  ///< method and path
  int status;
  const char* body;  ///< "..." = whatever
  const char* type = "text/plain; charset=utf-8";
  const char* field = "content-length";  ///< and what it holds, nullptr = whatever
  const char* value = nullptr;
};

constexpr const char* kJson = "application/json";

const Case kCases[] = {
    {"health", "GET /healthz", 200, "ok"},
    {"health_head", "HEAD /healthz", 200, "", "text/plain; charset=utf-8", "content-length", "2"},
    {"ready", "GET /readyz", 200, "ready"},
    {"models", "GET /v1/models", 200,
     "{\"object\":\"list\",\"data\":[{\"id\":\"a/b\",\"object\":\"model\",\"created\":0,"
     "\"owned_by\":\"up\"}]}\n",
     kJson},
    {"model", "GET /v1/models/a/b", 200,
     R"({"id":"a/b","object":"model","created":0,"owned_by":"up"})", kJson},
    {"model_escaped", "GET /v1/models/a%2Fb", 200,
     R"({"id":"a/b","object":"model","created":0,"owned_by":"up"})", kJson},
    {"no_such_model", "GET /v1/models/%22x%0A", 404,
     R"({"error":{"message":"the model \"\"x\n\" is not configured","type":"invalid_request_error",)"
     R"("param":null,"code":"model_not_found"}})",
     kJson, "x-should-retry", "false"},
    {"wrong_method", "POST /healthz", 405, "Method Not Allowed\n", "text/plain; charset=utf-8",
     "allow", "GET, HEAD"},
    {"posts_only", "GET /v1/chat/completions", 405, "Method Not Allowed\n",
     "text/plain; charset=utf-8", "allow", "POST"},
    {"not_found", "GET /nowhere", 404, "404 page not found\n", "text/plain; charset=utf-8",
     "x-content-type-options", "nosniff"},
    {"redirect", "GET /v1//models?a=b", 307, "", "absent", "location", "/v1/models?a=b"},
    {"native_redirect", "GET /native/up", 307, "", "absent", "location", "/native/up/"},
    {"metrics", "GET /metrics", 200, "...",
     "text/plain; version=0.0.4; charset=utf-8; escaping=underscores"},
};

config::Config config(const Upstream& upstream) {
  config::Provider up = provider("up", upstream);
  up.models = {{"a/b", "c"}};
  return config_of({up});
}

TEST(LocalAnswers, OneAfterTheOtherOnOneConnection) {
  Upstream upstream;
  Gateway gateway(config(upstream));
  Peer client = gateway.client();
  for (const Case& c : kCases) {
    client.send(request(c.line, "", "X-Request-Id: mine\r\n"));
    const Message got = client.read_answer(std::string_view(c.line).starts_with("HEAD"));
    EXPECT_EQ(got.status(), c.status) << c.name;
    EXPECT_EQ(got.field("content-type"), c.type) << c.name;
    EXPECT_EQ(got.field("x-request-id"), "mine") << c.name;
    EXPECT_EQ(got.field("connection"), "absent") << c.name;
    if (std::string_view(c.body) != "...") { EXPECT_EQ(got.body, c.body) << c.name; }
    if (c.value != nullptr) { EXPECT_EQ(got.field(c.field), c.value) << c.name; }
  }
}

TEST(LocalAnswers, ARequestIdThatIsNotSaneIsNotEchoed) {
  Upstream upstream;
  Gateway gateway(config(upstream));
  Peer client = gateway.ask(request("GET /healthz", "", "X-Request-Id: a b\r\n"));
  EXPECT_EQ(client.read_answer().field("x-request-id"), "absent");
}

TEST(LocalAnswers, MetricsAreThereOnlyWhenAskedFor) {
  Upstream upstream;
  config::Config off = config(upstream);
  off.metrics.enabled = false;
  Gateway gateway(off);
  Peer client = gateway.ask(request("GET /metrics"));
  EXPECT_EQ(client.read_answer().status(), 404);
}

TEST(LocalAnswers, ReadinessKnowsDrainingAndUselessConfigurations) {
  Upstream upstream;
  Gateway gateway(config(upstream));
  Peer client = gateway.client();
  gateway.shared().draining = true;
  client.send(request("GET /readyz"));
  const Message draining = client.read_answer();
  EXPECT_EQ(draining.status(), 503);
  EXPECT_EQ(draining.body, "draining");
  gateway.shared().draining = false;
  config::Config useless = config(upstream);
  useless.providers[0].off = "variable X is not set";
  gateway.reload(useless);
  client.send(request("GET /readyz"));
  EXPECT_EQ(client.read_answer().body, "no usable provider");
}

TEST(LocalAnswers, AnOldClientIsToldWhatHappensToItsConnection) {
  Upstream upstream;
  Gateway gateway(config(upstream));
  Peer kept = gateway.ask("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(kept.read_answer().field("connection"), "keep-alive");
  Peer closed = gateway.ask("GET /healthz HTTP/1.0\r\n\r\n");
  EXPECT_EQ(closed.read_answer().field("connection"), "close");
  EXPECT_TRUE(closed.at_end());
}

struct Bad {
  const char* name;
  std::string sent;
  int status;
};

TEST(LocalAnswers, BadRequestsAreRefusedInJsonAndClosed) {
  const Bad kBad[] = {
      {"garbage", "garbage\r\n\r\n", 400},
      {"smuggled",
       "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
       400},
      {"version", "GET / HTTP/3.0\r\nHost: x\r\n\r\n", 505},
      {"coding", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
      {"too_large", "GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(70'000, 'a') + "\r\n\r\n",
       431},
  };
  Upstream upstream;
  Gateway gateway(config(upstream));
  for (const Bad& bad : kBad) {
    Peer client = gateway.ask(bad.sent);
    const Message got = client.read_answer();
    EXPECT_EQ(got.status(), bad.status) << bad.name;
    EXPECT_EQ(got.field("connection"), "close") << bad.name;
    EXPECT_THAT(got.body, HasSubstr(R"({"error":{"message":")")) << bad.name;
    EXPECT_TRUE(client.at_end()) << bad.name;
  }
}

}  // namespace
}  // namespace butter::gateway::test
