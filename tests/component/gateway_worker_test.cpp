#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "component/gateway_fixture.h"

namespace butter::gateway::test {
namespace {

using testing::HasSubstr;

const std::string kRequest = request("POST /v1/chat/completions", R"({"model":"m"})");

TEST(WorkerTest, ARequestKeepsTheConfigurationItBeganWith) {
  Upstream before, after;
  config::Config first = config_of({provider("before", before)});
  // Two tries, so that something is looked up after the reload.
  first.routing.failover.max_retries = 1;
  Gateway gateway(first);
  Peer client = gateway.ask(kRequest);
  Peer server = before.asked();

  gateway.reload(config_of({provider("after", after)}));
  server.send(answer(503, "{}"));
  EXPECT_TRUE(server.read_request().whole);
  server.send(answer(200, "{}"));
  const Message old = client.read_answer();
  EXPECT_EQ(old.status(), 200);
  EXPECT_EQ(old.field("x-butter-provider"), "before");

  client.send(kRequest);
  Peer next = after.accept();
  EXPECT_EQ(next.read_request().field("authorization"), "Bearer sk-after");
  next.send(answer(200, "{}"));
  EXPECT_EQ(client.read_answer().field("x-butter-provider"), "after");
}

TEST(WorkerTest, ConnectionsLiveOnWhenTheirEndpointStays) {
  Upstream upstream;
  Gateway gateway(config_of({provider("up", upstream)}));
  Peer client = gateway.ask(kRequest);
  Peer server = upstream.asked();
  server.send(answer(200, "{}"));
  EXPECT_EQ(client.read_answer().status(), 200);

  config::Provider changed = provider("up", upstream);
  changed.keys = {{.key = Secret("sk-new"), .models = {}}};
  gateway.reload(config_of({changed}));
  client.send(kRequest);
  EXPECT_EQ(server.read_request().field("authorization"), "Bearer sk-new");
}

TEST(WorkerTest, DrainingEndsWithTheLastRequest) {
  Upstream upstream;
  Gateway gateway(config_of({provider("up", upstream)}));
  Peer idle = gateway.ask(request("GET /healthz"));
  EXPECT_EQ(idle.read_answer().status(), 200);
  Peer busy = gateway.ask(kRequest);
  Peer server = upstream.asked();

  std::promise<void> done;
  std::future<void> drained = done.get_future();
  gateway.shared().draining = true;
  gateway.worker().drain([&done] { done.set_value(); });
  EXPECT_TRUE(idle.at_end());
  EXPECT_EQ(drained.wait_for(0s), std::future_status::timeout);

  server.send(answer(200, "{\"a\":1}"));
  const Message back = busy.read_answer();
  EXPECT_EQ(back.body, "{\"a\":1}");
  EXPECT_EQ(back.field("connection"), "close");
  EXPECT_TRUE(busy.at_end());
  busy.close();
  EXPECT_EQ(drained.wait_for(10s), std::future_status::ready);
}

TEST(WorkerTest, WhatIsCutOffIsTold) {
  Upstream upstream;
  Gateway gateway(config_of({provider("up", upstream)}));
  Peer streams =
      gateway.ask(request("POST /v1/chat/completions", R"({"model":"m","stream":true})"));
  Peer server = upstream.asked();
  server.send(stream_head() + chunk(chat_event("hello")));
  EXPECT_THAT(streams.read_until("hello"), HasSubstr("HTTP/1.1 200 "));
  Peer waits = gateway.ask(kRequest);
  Peer other = upstream.asked();

  std::promise<void> done;
  std::future<void> drained = done.get_future();
  gateway.worker().drain([&done] { done.set_value(); });
  gateway.worker().cut_off();
  const Message refused = waits.read_answer();
  EXPECT_EQ(refused.status(), 503);
  EXPECT_EQ(refused.field("connection"), "close");
  const std::string rest = streams.read_to_end();
  EXPECT_THAT(rest, HasSubstr("shutting down"));
  EXPECT_FALSE(rest.ends_with("0\r\n\r\n")) << rest;
  EXPECT_TRUE(server.at_end());
  EXPECT_TRUE(other.at_end());
  EXPECT_EQ(drained.wait_for(10s), std::future_status::ready);
}

TEST(WorkerTest, StoppingCutsWhatIsUnderWay) {
  Upstream upstream;
  Gateway gateway(config_of({provider("up", upstream)}));
  Peer client = gateway.ask(kRequest);
  Peer server = upstream.asked();
  EXPECT_THAT(gateway.stop(), HasSubstr(R"("status":499)"));
  EXPECT_TRUE(client.at_end());
  EXPECT_TRUE(server.at_end());
}

TEST(WorkerTest, TooManyConnectionsAreToldSo) {
  Upstream upstream;
  config::Config config = config_of({provider("up", upstream)});
  config.server.max_connections = 1;
  Gateway gateway(config);
  Peer one = gateway.ask(request("GET /healthz"));
  EXPECT_EQ(one.read_answer().status(), 200);
  Peer two = gateway.client();
  const Message refused = two.read_answer();
  EXPECT_EQ(refused.status(), 503);
  EXPECT_THAT(refused.body, HasSubstr("too many connections"));
  EXPECT_EQ(refused.field("x-should-retry"), "true");
  EXPECT_TRUE(two.at_end());
}

TEST(WorkerTest, ManyClientsAtOnce) {
  Upstream upstream;
  Gateway gateway(config_of({provider("up", upstream)}));
  constexpr int kClients = 20;
  std::vector<Peer> clients, servers;
  for (int i = 0; i < kClients; ++i) {
    clients.push_back(gateway.client());
    clients.back().send(
        request("POST /v1/chat/completions", R"({"model":"m)" + std::to_string(i) + R"("})"));
    servers.push_back(upstream.accept());
  }
  // Answered in the other order.
  for (int i = kClients; i-- > 0;) {
    Peer& server = servers[static_cast<std::size_t>(i)];
    const Message got = server.read_request();
    EXPECT_EQ(got.body, R"({"model":"m)" + std::to_string(i) + R"("})");
    server.send(answer(200, got.body));
    EXPECT_EQ(clients[static_cast<std::size_t>(i)].read_answer().body, got.body);
  }
}

TEST(WorkerTest, PipelinedRequestsAreAnsweredInOrder) {
  Upstream upstream;
  Gateway gateway(config_of({provider("up", upstream)}));
  Peer client = gateway.ask(kRequest + request("GET /healthz") + kRequest);
  Peer server = upstream.accept();
  for (const char* const body : {"{\"a\":1}", "{\"a\":2}"}) {
    EXPECT_TRUE(server.read_request().whole);
    server.send(answer(200, body));
    EXPECT_EQ(client.read_answer().body, body);
    if (std::string_view(body) == "{\"a\":1}") { EXPECT_EQ(client.read_answer().body, "ok"); }
  }
}

}  // namespace
}  // namespace butter::gateway::test
