#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "component/gateway_fixture.h"

namespace butter::gateway::test {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

const std::string kRole =
    "data: "
    "{\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\"},\"finish_reason\":null}]}\n\n";
const std::string kStop =
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
const std::string kDone = "data: [DONE]\n\n";
const std::string kHello = chat_event("Hello");

class LaneAnswerTest : public testing::Test {
 protected:
  LaneAnswerTest() {
    config::Config config = config_of({provider("first", first_), provider("second", second_)});
    config::RouteTarget first, second;
    first.provider = "first";
    second.provider = "second";
    config.routing.models = {{.model = "m", .providers = {first, second}}};
    config.routing.failover.max_retries = 0;
    gateway_ = std::make_unique<Gateway>(std::move(config));
    client_ = gateway_->client();
  }

  /// Sends a request. \return the upstream's side of it, the request read
  Peer begin(std::string_view more = R"(,"stream":true)", std::string_view version = "1.1") {
    std::string all =
        request("POST /v1/chat/completions", R"({"model":"m")" + std::string(more) + "}");
    all.replace(all.find("HTTP/1.1") + 5, 3, version);
    client_.send(all);
    Peer server = first_.asked();
    return server;
  }

  Upstream first_, second_;
  std::unique_ptr<Gateway> gateway_;
  Peer client_;
};

TEST_F(LaneAnswerTest, AStreamIsRelayedByteByByte) {
  Peer server = begin();
  server.send(stream_head() + chunk(kRole + kHello + kStop) + chunk(kDone) + "0\r\n\r\n");
  const Message back = client_.read_answer();
  EXPECT_TRUE(back.whole);
  EXPECT_EQ(back.body, kRole + kHello + kStop + kDone);
  EXPECT_EQ(back.field("content-type"), "text/event-stream");
  EXPECT_EQ(back.field("transfer-encoding"), "chunked");
  EXPECT_EQ(back.field("cache-control"), "no-cache");
  EXPECT_EQ(back.field("x-accel-buffering"), "no");
  EXPECT_EQ(back.field("x-butter-provider"), "first");
}

TEST_F(LaneAnswerTest, EachEventGoesOutAsItComes) {
  Peer server = begin();
  server.send(stream_head() + chunk(kRole + kHello));
  EXPECT_THAT(client_.read_until(kHello), EndsWith(kHello));
  for (const char* const word : {"one", "two", "three"}) {
    server.send(chunk(chat_event(word)));
    EXPECT_THAT(client_.read_until(chat_event(word)), EndsWith(chat_event(word)));
  }
}

TEST_F(LaneAnswerTest, AStreamIsOverWithItsEndWhateverTheUpstreamDoes) {
  Peer server = begin();
  // Neither the last chunk nor the connection's end comes.
  server.send(stream_head() + chunk(kHello + kDone));
  const Message back = client_.read_answer();
  EXPECT_TRUE(back.whole);
  EXPECT_EQ(back.body, kHello + kDone);
}

struct Before {
  const char* name;
  std::string sent;
};

TEST_F(LaneAnswerTest, AFailureBeforeContentIsUnseen) {
  const Before kBefore[] = {
      {"error_event", chunk(kRole + "data: {\"error\":{\"message\":\"overloaded\"}}\n\n")},
      {"cut", chunk(kRole)},
      {"ends_without_content", chunk(kRole) + "0\r\n\r\n"},
      {"bad_chunk", chunk(kRole) + "oops\r\n"},
  };
  for (const Before& row : kBefore) {
    Peer server = begin();
    server.send(stream_head() + row.sent);
    server.close();
    Peer other = second_.accept();
    EXPECT_TRUE(other.read_request().whole) << row.name;
    other.send(stream_head() + chunk(kHello + kDone) + "0\r\n\r\n");
    other.close();
    const Message back = client_.read_answer();
    EXPECT_EQ(back.body, kHello + kDone) << row.name;
    EXPECT_EQ(back.field("x-butter-provider"), "second") << row.name;
    EXPECT_EQ(back.field("x-butter-attempts"), "2") << row.name;
  }
}

TEST_F(LaneAnswerTest, AFailureAfterContentEndsWithAnErrorEvent) {
  Peer server = begin();
  server.send(stream_head() + chunk(kHello + kHello.substr(0, 10)));
  static_cast<void>(client_.read_until(kHello));
  server.close();
  const std::string rest = client_.read_to_end();
  EXPECT_THAT(rest, HasSubstr("data: {\"error\":"));
  EXPECT_THAT(rest, HasSubstr("first request failed"));
  EXPECT_THAT(rest, testing::Not(HasSubstr("[DONE]")));
  // Without its last chunk, so that it does not look finished.
  EXPECT_THAT(rest, testing::Not(EndsWith("0\r\n\r\n")));
  EXPECT_FALSE(second_.was_called());
  EXPECT_TRUE(gateway_->wait_for_metric("butter_streams_broken_total 1"));
  EXPECT_TRUE(gateway_->wait_for_metric("butter_open_streams 0"));
}

TEST_F(LaneAnswerTest, AnErrorThatTheUpstreamToldIsNotToldTwice) {
  Peer server = begin();
  const std::string error = "data: {\"error\":{\"message\":\"overloaded\"}}\n\n";
  server.send(stream_head() + chunk(kHello + error) + "0\r\n\r\n");
  const std::string all = client_.read_to_end();
  EXPECT_NE(all.find("\"error\""), std::string::npos);
  EXPECT_EQ(all.find("\"error\""), all.rfind("\"error\""));
}

TEST_F(LaneAnswerTest, AMissingDoneIsToleratedAndCounted) {
  Peer server = begin();
  server.send(stream_head() + chunk(kHello + kStop) + "0\r\n\r\n");
  const Message back = client_.read_answer();
  EXPECT_TRUE(back.whole);
  EXPECT_EQ(back.body, kHello + kStop);
  EXPECT_TRUE(gateway_->wait_for_metric("butter_streams_unmarked_total 1"));
}

TEST_F(LaneAnswerTest, AnAnswerThatIsCutIsNotMadeToLookWhole) {
  Peer server = begin("");
  server.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345");
  EXPECT_THAT(client_.read_until("12345"), EndsWith("12345"));
  server.close();
  EXPECT_TRUE(client_.at_end());
  EXPECT_THAT(gateway_->stop(), HasSubstr(R"("error":)"));
}

TEST_F(LaneAnswerTest, AnAnswerThatEndsWithItsConnectionIsWhole) {
  Peer server = begin("");
  server.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n12345");
  server.close();
  const Message back = client_.read_answer();
  EXPECT_TRUE(back.whole);
  EXPECT_EQ(back.body, "12345");
  EXPECT_EQ(back.field("transfer-encoding"), "chunked");
}

TEST_F(LaneAnswerTest, AnOldClientGetsAStreamWithoutChunks) {
  Peer server = begin(R"(,"stream":true)", "1.0");
  server.send(stream_head() + chunk(kHello) + chunk(kDone) + "0\r\n\r\n");
  const std::string all = client_.read_to_end();
  EXPECT_THAT(all, HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(all, testing::Not(HasSubstr("Transfer-Encoding")));
  EXPECT_THAT(all, EndsWith("\r\n\r\n" + kHello + kDone));
}

TEST_F(LaneAnswerTest, HeadersGoThroughAndReceiptsAreAdded) {
  Peer server = begin("");
  server.send(
      answer(201, "{}", "X-Request-Id: theirs\r\nSet-Cookie: a=b\r\nX-Ratelimit-Left: 3\r\n"));
  const Message back = client_.read_answer();
  EXPECT_EQ(back.start, "HTTP/1.1 201 Status");
  EXPECT_EQ(back.field("x-ratelimit-left"), "3");
  EXPECT_EQ(back.field("set-cookie"), "absent");
  EXPECT_EQ(back.field("x-request-id"), "theirs");
  EXPECT_THAT(back.field("x-butter-request-id"), StartsWith("req_"));
  EXPECT_EQ(back.field("x-butter-model"), "m");
  EXPECT_EQ(back.field("x-butter-attempts"), "1");
  EXPECT_THAT(back.field("x-butter-overhead-us"), testing::MatchesRegex("[0-9]+"));
}

TEST_F(LaneAnswerTest, AnAnswerWithoutABody) {
  Peer server = begin("");
  server.send("HTTP/1.1 204 No Content\r\n\r\n");
  const Message back = client_.read_answer();
  EXPECT_EQ(back.status(), 204);
  EXPECT_EQ(back.field("content-length"), "absent");
  EXPECT_EQ(back.field("transfer-encoding"), "absent");
}

TEST_F(LaneAnswerTest, ARedirectIsNotFollowed) {
  Peer server = begin("");
  server.send("HTTP/1.1 302 Found\r\nLocation: http://evil.test/\r\nContent-Length: 0\r\n\r\n");
  Peer other = second_.asked();
  other.send(answer(200, "{}"));
  EXPECT_EQ(client_.read_answer().status(), 200);
}

TEST_F(LaneAnswerTest, ASlowClientHoldsTheUpstreamBackAndGetsItAll) {
  Peer server = begin("");
  constexpr std::size_t kSize = 24 * 1024 * 1024;
  std::string body(kSize, '.');
  for (std::size_t i = 0; i < body.size(); i += 4096) {
    body[i] = static_cast<char>('a' + i / 4096 % 26);
  }
  body.back() = '}';
  std::atomic<bool> all_sent = false;
  std::thread sender([&] {
    server.send(answer(200, body));
    all_sent = true;
  });
  // Another request is served meanwhile, and the gateway has not swallowed the answer.
  EXPECT_TRUE(gateway_->wait_for_metric("butter_inflight 1"));
  EXPECT_FALSE(all_sent);
  const Message back = client_.read_answer();
  sender.join();
  EXPECT_TRUE(back.whole);
  EXPECT_TRUE(back.body == body);
}

}  // namespace
}  // namespace butter::gateway::test
