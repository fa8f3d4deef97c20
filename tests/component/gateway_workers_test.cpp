// What several workers share: the port, the snapshot, what providers have shown of themselves, the
// sink of the log, the resolver. For the thread sanitizer most of all.

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>
#include <thread>

#include "component/gateway_fixture.h"
#include "net/address.h"

namespace butter::gateway::test {
namespace {

constexpr int kClients = 4;
constexpr int kRequests = 50;
constexpr int kReloads = 20;
constexpr std::size_t kWorkers = 2;

void no_preparation() {}

/// A port of the loopback that refuses connections: bound, and nobody listens.
class RefusingPort {
 public:
  RefusingPort() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const net::Address any = *net::Address::literal("127.0.0.1", 0);
    EXPECT_EQ(::bind(socket_.get(), any.get(), any.size()), 0);
  }
  [[nodiscard]] std::uint16_t number() const { return net::local_address(socket_.get()).port(); }

 private:
  Fd socket_;
};

/// A gateway that answers by itself, for the other one to call.
config::Config built_in_provider() {
  config::Provider mock;
  mock.name = "mock";
  mock.type = config::ProviderType::mock;
  return config_of({mock});
}

/// By a name, so that the resolver is asked.
config::Provider named(std::string name, std::uint16_t port, int key) {
  config::Provider out;
  out.name = std::move(name);
  out.base_url = "http://localhost:" + std::to_string(port) + "/v1";
  out.keys = {{.key = Secret("sk-" + std::to_string(key)), .models = {}}};
  return out;
}

/// The default provider refuses connections, the other one answers.
config::Config failing_over(std::uint16_t down, std::uint16_t up, int key) {
  config::Config out = config_of({named("down", down, key), named("up", up, key)});
  out.routing.models = {
      {.model = "m",
       .providers = {{.provider = "down", .model = ""}, {.provider = "up", .model = ""}}}};
  out.routing.breaker = {.enabled = true, .failures = 2, .open_for = std::chrono::milliseconds(5)};
  return out;
}

/// One client's requests, each on a connection of its own, so that all workers get some.
void ask_again_and_again(const Gateway& gateway) {
  for (int i = 0; i < kRequests; ++i) {
    Peer client = gateway.client();
    const bool streams = i % 2 == 0;
    client.send(request("POST /v1/chat/completions",
                        streams ? R"({"model":"m","messages":[],"stream":true})"
                                : R"({"model":"m","messages":[]})"));
    const Message got = client.read_answer();
    EXPECT_EQ(got.status(), 200) << got.body;
    EXPECT_TRUE(got.whole);
    EXPECT_EQ(got.field("x-butter-provider"), "up");
    client.send(request("GET /metrics"));
    EXPECT_EQ(client.read_answer().status(), 200);
  }
}

TEST(WorkersTest, ShareWhatTheyShareWhileConfigurationsChange) {
  Gateway upstream(built_in_provider(), no_preparation, kWorkers);
  const RefusingPort nobody;
  const auto configuration = [&](int key) {
    return failing_over(nobody.number(), upstream.port(), key);
  };
  Gateway gateway(configuration(0), no_preparation, kWorkers);

  std::vector<std::thread> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&gateway] { ask_again_and_again(gateway); });
  }
  for (int key = 1; key <= kReloads; ++key) { gateway.reload(configuration(key)); }
  for (std::thread& client : clients) { client.join(); }

  for (const char* const streaming : {"false", "true"}) {
    EXPECT_TRUE(gateway.wait_for_metric(
        R"(butter_request_total{provider="up",model="m",http_status_code="200",streaming=")" +
        std::string(streaming) +
        R"(",otel_scope_name="github.com/temikus/butter",otel_scope_version="",otel_scope_schema_url=""} )" +
        std::to_string(kClients * kRequests / 2)));
  }
  // Not one of a request and its log line is lost.
  const std::string log = gateway.stop();
  std::size_t lines = 0;
  for (std::size_t at = log.find("\"provider\":\"up\""); at != std::string::npos;
       at = log.find("\"provider\":\"up\"", at + 1)) {
    ++lines;
  }
  EXPECT_EQ(lines, std::size_t{kClients * kRequests});
}

}  // namespace
}  // namespace butter::gateway::test
