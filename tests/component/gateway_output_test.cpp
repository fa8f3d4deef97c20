#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "component/gateway_fixture.h"

namespace butter::gateway::test {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

const std::string kPing = ": ping\n\n";
const std::string kPingChunk = "8\r\n: ping\n\n\r\n";
const std::string kDone = "data: [DONE]\n\n";
const std::string kHello = chat_event("Hello");

/// A provider whose clients get a comment every 20 ms in which they get nothing else.
class OutputTest : public testing::Test {
 protected:
  [[nodiscard]] config::Config config() const {
    config::Config out = failing_over(first_, second_);
    out.routing.models[0].patience.keep_alive = 20ms;
    return out;
  }

  static std::string asked(std::string_view version = "1.1",
                           std::string_view path = "chat/completions") {
    std::string all = request("POST /v1/" + std::string(path), R"({"model":"m","stream":true})");
    all.replace(all.find("HTTP/1.1") + 5, 3, version);
    return all;
  }

  Upstream first_, second_;
};

TEST_F(OutputTest, AClientHearsCommentsBeforeTheFirstByte) {
  Gateway gateway(config());
  Peer client = gateway.ask(asked());
  Peer server = first_.asked();
  const std::string early = client.read_until(kPingChunk + kPingChunk);
  EXPECT_THAT(early, StartsWith("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream"));
  EXPECT_THAT(early, HasSubstr("x-request-id: req_"));
  server.send(stream_head() + chunk(kHello + kDone) + "0\r\n\r\n");
  const std::string rest = client.read_until("0\r\n\r\n");
  EXPECT_THAT(rest, HasSubstr(kHello + kDone));
  EXPECT_THAT(rest, testing::Not(HasSubstr("HTTP/1.1")));
}

TEST_F(OutputTest, CommentsStandBetweenEventsOnly) {
  Gateway gateway(config());
  Peer client = gateway.ask(asked());
  Peer server = first_.asked();
  server.send(stream_head() + chunk(kHello + kHello.substr(0, 9)));
  EXPECT_THAT(client.read_until(kPingChunk), EndsWith(kHello + "\r\n" + kPingChunk));
  server.send(chunk(kHello.substr(9) + kDone) + "0\r\n\r\n");
  EXPECT_THAT(client.read_until("0\r\n\r\n"), HasSubstr(kHello + kDone));
}

TEST_F(OutputTest, AFailureAfterACommentStillGoesElsewhere) {
  Gateway gateway(config());
  Peer client = gateway.ask(asked());
  Peer server = first_.asked();
  EXPECT_THAT(client.read_until(kPingChunk), StartsWith("HTTP/1.1 200 OK"));
  server.reset();
  Peer other = second_.asked();
  other.send(stream_head() + chunk(kHello + kDone) + "0\r\n\r\n");
  EXPECT_THAT(client.read_until("0\r\n\r\n"), HasSubstr(kHello + kDone));
}

TEST_F(OutputTest, ARefusalAfterACommentIsAnErrorEvent) {
  Gateway gateway(config());
  Peer client = gateway.ask(asked());
  Peer server = first_.asked();
  EXPECT_THAT(client.read_until(kPingChunk), StartsWith("HTTP/1.1 200 OK"));
  server.send(answer(400, R"({"error":{"message":"too long"}})"));
  const std::string rest = client.read_to_end();
  EXPECT_THAT(rest, HasSubstr(R"(data: {"error":{"message":"first request failed: too long")"));
  EXPECT_THAT(rest, testing::Not(EndsWith("0\r\n\r\n")));
  EXPECT_THAT(rest, testing::Not(HasSubstr("[DONE]")));
}

TEST_F(OutputTest, AnAnswerWithoutAStreamAfterACommentIsAnErrorEvent) {
  Gateway gateway(config());
  Peer client = gateway.ask(asked("1.1", "responses"));
  Peer server = first_.asked();
  EXPECT_THAT(client.read_until(kPingChunk), StartsWith("HTTP/1.1 200 OK"));
  server.send(answer(200, "{}"));
  EXPECT_THAT(client.read_to_end(),
              HasSubstr("event: error\ndata: {\"type\":\"error\",\"code\":\"upstream_status\""));
}

TEST_F(OutputTest, AnOldClientHearsThemToo) {
  Gateway gateway(config());
  Peer client = gateway.ask(asked("1.0"));
  Peer server = first_.asked();
  EXPECT_THAT(client.read_until("\r\n\r\n" + kPing), HasSubstr("Connection: close"));
  server.send(stream_head() + chunk(kHello + kDone) + "0\r\n\r\n");
  EXPECT_THAT(client.read_to_end(), EndsWith(kHello + kDone));
}

TEST_F(OutputTest, WhoAskedForNoStreamHearsNothing) {
  Gateway gateway(config());
  Peer client = gateway.ask(request("POST /v1/chat/completions", R"({"model":"m"})"));
  Peer server = first_.asked();
  // A stream beside it tells when the time for a comment has passed twice.
  Peer other = gateway.ask(asked());
  Peer second = first_.asked();
  EXPECT_THAT(other.read_until(kPingChunk + kPingChunk), HasSubstr("200 OK"));
  server.send(answer(201, "{}"));
  EXPECT_THAT(client.read_answer().start, HasSubstr("201"));
}

TEST_F(OutputTest, AStreamThatStallsBeforeContentGoesElsewhere) {
  config::Config config = this->config();
  config.routing.models[0].patience = {.stall_timeout = 30ms};
  Gateway gateway(config);
  Peer client = gateway.ask(asked());
  Peer server = first_.asked();
  server.send(stream_head() + chunk(": thinking\n\n"));
  Peer other = second_.asked();
  other.send(stream_head() + chunk(kHello + kDone) + "0\r\n\r\n");
  EXPECT_EQ(client.read_answer().body, kHello + kDone);
}

TEST_F(OutputTest, EventsWithoutContentAreHeldForAWhileOnly) {
  config::Config config = this->config();
  config.routing.models[0].patience = {.hold_time = 20ms};
  Gateway gateway(config);
  Peer client = gateway.ask(asked());
  Peer server = first_.asked();
  server.send(stream_head() + chunk(": thinking\n\n"));
  EXPECT_THAT(client.read_until(": thinking\n\n"), HasSubstr("200 OK"));
  server.send(chunk(kHello + kDone) + "0\r\n\r\n");
  EXPECT_THAT(client.read_until("0\r\n\r\n"), HasSubstr(kHello + kDone));
}

}  // namespace
}  // namespace butter::gateway::test
