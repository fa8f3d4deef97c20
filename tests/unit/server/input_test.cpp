// Heads: whole, cut, bad, too large, too slow, one behind the other. Bodies: input_body_test.cpp.

#include <gtest/gtest.h>

#include <string>

#include "unit/server/test_service.h"

namespace butter::server {
namespace {

using namespace std::string_literals;

class HeadTest : public ServerTest {
 protected:
  HeadTest() { echo_ = true; }
};

constexpr std::string_view kGet = "GET /v1/models?x=1 HTTP/1.1\r\nHost: a\r\n\r\n";

TEST_F(HeadTest, ARequestIsAnswered) {
  connect();
  send(kGet);
  EXPECT_EQ(client_->received(), answer_of("GET /v1/models?x=1 "));
  EXPECT_EQ(exchange().body_ends, 1);
  EXPECT_EQ(opened_, 1);
  EXPECT_EQ(closed_, 0);
}

TEST_F(HeadTest, ItMayBeCutAnywhere) {
  connect();
  for (std::size_t cut = 1; cut < kGet.size(); ++cut) {
    send(kGet.substr(0, cut));
    EXPECT_EQ(client_->received(), "") << cut;
    send(kGet.substr(cut));
    EXPECT_EQ(client_->take(), answer_of("GET /v1/models?x=1 ")) << cut;
  }
}

TEST_F(HeadTest, ItMayComeByteByByte) {
  connect();
  for (const char c : kGet) {
    client_->send({&c, 1});
    support::settle(loop_, 2);
  }
  settle();
  EXPECT_EQ(client_->received(), answer_of("GET /v1/models?x=1 "));
}

TEST_F(HeadTest, ABareLfIsRefusedAtOnce) {
  connect();
  send("GET / HTTP/1.1\nHost: a\n\n");
  EXPECT_TRUE(client_->received().starts_with("HTTP/1.1 400 "));
  EXPECT_TRUE(client_->ended());
}

TEST_F(HeadTest, ABareLfThatComesLaterIsRefusedAtOnce) {
  connect();
  send("GET / HTTP/1.1\r");
  send("\nHost: a");
  EXPECT_EQ(client_->received(), "");
  send("\n");
  EXPECT_TRUE(client_->received().starts_with("HTTP/1.1 400 "));
  EXPECT_TRUE(client_->ended());
}

TEST_F(HeadTest, AnEmptyLineBeforeItIsSkipped) {
  connect();
  send("\r\n"s + std::string(kGet) + "\r\n" + std::string(kGet));
  EXPECT_EQ(exchanges_.size(), 2u);
  send("\r\n");
  send(kGet);
  EXPECT_EQ(exchanges_.size(), 3u);
  send("\r");
  send("\n"s + std::string(kGet));
  EXPECT_EQ(exchanges_.size(), 4u);
  EXPECT_EQ(gone(), 0);
}

struct BadHead {
  const char* name;
  std::string head;
  int status;
};

class BadHeads : public ServerTest, public testing::WithParamInterface<BadHead> {};

std::vector<BadHead> bad_heads() {
  std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 200; ++i) { many += "x: y\r\n"; }
  return {
      {"not_http", "hello\r\n\r\n", 400},
      {"no_host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"space_before_colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400},
      {"two_lengths",
       "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400},
      {"length_and_chunked",
       "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
       400},
      {"other_coding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
      {"version_2", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
      {"too_many_fields", many + "\r\n", 431},
      {"tls_hello", "\x16\x03\x01\r\n\r\n", 400},
  };
}

TEST_P(BadHeads, AreRefusedAndTheConnectionCloses) {
  connect();
  send(GetParam().head);
  EXPECT_EQ(client_->received(),
            "HTTP/1.1 " + std::to_string(GetParam().status) + " X\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(exchanges_.empty());
  EXPECT_TRUE(client_->ended());
  client_->close();
  EXPECT_TRUE(ends());
}

INSTANTIATE_TEST_SUITE_P(Table, BadHeads, testing::ValuesIn(bad_heads()),
                         [](const auto& test) { return std::string(test.param.name); });

TEST_F(HeadTest, ARequestBehindABadHeadIsNotServed) {
  connect();
  send("nonsense\r\n\r\n"s + std::string(kGet));
  EXPECT_TRUE(exchanges_.empty());
  send(kGet);
  EXPECT_TRUE(exchanges_.empty());
}

/// A request whose head has exactly `size` bytes.
std::string head_of_size(std::size_t size) {
  const std::string start = "GET / HTTP/1.1\r\nHost: a\r\nx: ";
  return start + std::string(size - start.size() - 4, 'y') + "\r\n\r\n";
}

TEST_F(HeadTest, TheLargestHeadIsTaken) {
  limits_.max_head_bytes = 1000;
  connect();
  send(head_of_size(1000));
  EXPECT_EQ(exchanges_.size(), 1u);
  const std::string head = head_of_size(1000);
  send(head.substr(0, 999));
  send(head.substr(999));
  EXPECT_EQ(exchanges_.size(), 2u);
}

TEST_F(HeadTest, ALargerHeadIsRefused) {
  limits_.max_head_bytes = 1000;
  connect();
  send(head_of_size(1001));
  EXPECT_TRUE(client_->received().starts_with("HTTP/1.1 431 ")) << client_->received();
}

TEST_F(HeadTest, AHeadThatGrowsTooLargeIsRefusedBeforeItsEnd) {
  limits_.max_head_bytes = 1000;
  connect();
  const std::string head = head_of_size(1100);
  send(head.substr(0, 500));
  send(head.substr(500, 500));
  EXPECT_EQ(client_->received(), "");
  send(head.substr(1000, 1));
  EXPECT_TRUE(client_->received().starts_with("HTTP/1.1 431 "));
}

TEST_F(HeadTest, ASlowHeadIsToldSo) {
  limits_.read_timeout = 30ms;
  connect();
  client_->send("GET / HT");
  ASSERT_TRUE(run_until([this] { return client_->ended(); }));
  EXPECT_TRUE(client_->received().starts_with("HTTP/1.1 408 "));
}

TEST_F(HeadTest, AnIdleConnectionIsClosedWithoutAWord) {
  limits_.read_timeout = 30ms;
  connect();
  ASSERT_TRUE(ends());
  EXPECT_EQ(client_->received(), "");
}

TEST_F(HeadTest, AnIdleConnectionIsClosedAfterAnAnswerToo) {
  limits_.read_timeout = 30ms;
  connect();
  client_->send(kGet);
  ASSERT_TRUE(ends());
  EXPECT_EQ(client_->received(), answer_of("GET /v1/models?x=1 "));
}

TEST_F(HeadTest, PipelinedRequestsAreAnsweredInTheirOrder) {
  connect();
  std::string all, expected;
  for (int i = 0; i < 200; ++i) {
    const std::string body(static_cast<std::size_t>(i * 7), 'b');
    all += "POST /" + std::to_string(i) +
           " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
    expected += answer_of("POST /" + std::to_string(i) + " " + body);
  }
  send(all);
  ASSERT_TRUE(run_until([&] { return client_->received().size() >= expected.size(); }));
  EXPECT_EQ(client_->received(), expected);
}

TEST_F(HeadTest, APipelinedRequestWaitsForTheAnswerBeforeIt) {
  echo_ = false;
  connect();
  send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHo");
  EXPECT_EQ(exchanges_.size(), 1u);
  send("st: a\r\n\r\nGET /3 HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(exchanges_.size(), 1u);
  exchange(0).answer("one");
  settle();
  ASSERT_EQ(exchanges_.size(), 2u);
  EXPECT_EQ(exchange(1).target, "/2");
  exchange(1).answer("two");
  settle();
  ASSERT_EQ(exchanges_.size(), 3u);
  exchange(2).answer("three");
  settle();
  EXPECT_EQ(client_->received(), answer_of("one") + answer_of("two") + answer_of("three"));
}

TEST_F(HeadTest, AnAnswerDoesNotReadWhereItStands) {
  // Who finishes an answer may hold views into the loop's scratch: what waits is read later.
  echo_ = false;
  connect();
  send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
  send("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
  loop_.scratch().front() = '!';
  exchange(0).answer("one");
  EXPECT_EQ(loop_.scratch().front(), '!');
  EXPECT_EQ(exchanges_.size(), 1u);
  settle();
  EXPECT_EQ(exchanges_.size(), 2u);
}

TEST_F(HeadTest, ARequestMayBeAnsweredInsideBegin) {
  echo_ = false;
  answered_in_begin_ = true;
  on_begin_ = [](TestExchange& made) { made.answer(made.target); };
  connect();
  send(
      "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: "
      "3\r\n\r\nabc"
      "GET /3 HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client_->received(), answer_of("/1") + answer_of("/2") + answer_of("/3"));
  EXPECT_EQ(exchange(1).body, "") << "a body that nobody wanted is dropped";
}

struct VersionCase {
  const char* name;
  const char* head;
  bool stays;
};

class KeepAlive : public ServerTest, public testing::WithParamInterface<VersionCase> {};

constexpr VersionCase kVersions[] = {
    {"http_1_1", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", true},
    {"http_1_1_close", "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", false},
    {"http_1_0", "GET / HTTP/1.0\r\n\r\n", false},
    {"http_1_0_keep_alive", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true},
};

TEST_P(KeepAlive, AsTheClientAsked) {
  connect();
  send(GetParam().head);
  EXPECT_EQ(exchange().connection.http_1_0(), std::string_view(GetParam().head).contains("/1.0"));
  EXPECT_EQ(exchange().connection.keep_alive(), GetParam().stays);
  exchange().answer("x");
  settle();
  EXPECT_EQ(client_->received(), answer_of("x"));
  EXPECT_EQ(client_->ended(), !GetParam().stays);
}

INSTANTIATE_TEST_SUITE_P(Table, KeepAlive, testing::ValuesIn(kVersions),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace butter::server
