// Answers: every framing, whole, byte by byte, cut; bad ones; what becomes of the connection.

#include "upstream/connection.h"

#include <gtest/gtest.h>

#include <string>

#include "unit/upstream/caller.h"

namespace butter::upstream {
namespace {

struct AnswerCase {
  const char* name;
  std::string answer;
  bool closes;  ///< the upstream closes behind it
  int status;   ///< 0: no head
  std::string body;
  std::optional<Errc> error;
  bool reusable;  ///< the connection serves another call
};

class Answers : public UpstreamTest, public testing::WithParamInterface<AnswerCase> {
 protected:
  void expect_answer(const Caller& caller) {
    EXPECT_EQ(caller.status, GetParam().status);
    EXPECT_EQ(caller.body, GetParam().body);
    if (GetParam().error) {
      ASSERT_TRUE(caller.error.has_value());
      EXPECT_EQ(caller.error->code, *GetParam().error) << caller.error->detail;
    } else {
      EXPECT_FALSE(caller.error.has_value()) << caller.error->detail;
    }
    EXPECT_GE(caller.flushes, 1);
    settle();
    EXPECT_EQ(pool().idle(), GetParam().reusable ? 1u : 0u);
    EXPECT_EQ(pool().open(), pool().idle());
    if (!GetParam().reusable) { EXPECT_TRUE(GetParam().closes || peer().ended()); }
  }
};

const std::string kOk = "HTTP/1.1 200 OK\r\n";
const std::string kChunked = kOk + "Transfer-Encoding: chunked\r\n\r\n";

std::vector<AnswerCase> answers() {
  const auto closed = Errc::upstream_closed;
  const auto protocol = Errc::upstream_protocol;
  return {
      {"length", kOk + "Content-Length: 5\r\n\r\nhello", false, 200, "hello", {}, true},
      {"empty", kOk + "Content-Length: 0\r\n\r\n", false, 200, "", {}, true},
      {"chunked", kChunked + "3\r\nabc\r\n2;x\r\nde\r\n0\r\n\r\n", false, 200, "abcde", {}, true},
      {"trailers", kChunked + "1\r\na\r\n0\r\nT: v\r\nU: w\r\n\r\n", false, 200, "a", {}, true},
      {"until_close", kOk + "\r\nto the end", true, 200, "to the end", {}, false},
      {"no_content", "HTTP/1.1 204 No Content\r\n\r\n", false, 204, "", {}, true},
      {"not_modified",
       "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
       false,
       304,
       "",
       {},
       true},
      {"error_status",
       "HTTP/1.1 500 Oops\r\nContent-Length: 3\r\n\r\nsad",
       false,
       500,
       "sad",
       {},
       true},
      {"http_1_0", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", false, 200, "ok", {}, false},
      {"says_close",
       kOk + "Connection: close\r\nContent-Length: 2\r\n\r\nok",
       false,
       200,
       "ok",
       {},
       false},
      {"then_closes", kOk + "Content-Length: 2\r\n\r\nok", true, 200, "ok", {}, false},
      {"continue_first",
       "HTTP/1.1 100 Continue\r\n\r\n" + kOk + "Content-Length: 2\r\n\r\nok",
       false,
       200,
       "ok",
       {},
       true},
      {"hints_first",
       "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + kOk +
           "Content-Length: 1\r\n\r\nx",
       false,
       200,
       "x",
       {},
       true},
      {"switches_protocols", "HTTP/1.1 101 Switching Protocols\r\n\r\n", false, 0, "", protocol,
       false},
      {"silent", "", true, 0, "", closed, false},
      {"cut_head", "HTTP/1.1 200 OK\r\nConte", true, 0, "", closed, false},
      {"cut_body", kOk + "Content-Length: 5\r\n\r\nhel", true, 200, "hel", closed, false},
      {"cut_chunk", kChunked + "5\r\nhel", true, 200, "hel", closed, false},
      {"cut_before_the_last_chunk", kChunked + "3\r\nabc\r\n", true, 200, "abc", closed, false},
      {"cut_after_continue", "HTTP/1.1 100 Continue\r\n\r\n", true, 0, "", closed, false},
      {"bad_chunk", kChunked + "3\r\nabc\r\nzz\r\n", false, 200, "abc", protocol, false},
      {"not_http", "220 mail.test ESMTP\r\n\r\n", false, 0, "", protocol, false},
      {"both_lengths", kOk + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", false, 0,
       "", protocol, false},
      {"two_lengths", kOk + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n", false, 0, "",
       protocol, false},
  };
}

TEST_P(Answers, Whole) {
  Caller caller;
  caller.start(pool());
  ASSERT_TRUE(hears());
  peer().send(GetParam().answer);
  if (GetParam().closes) { peer().shut_down_writing(); }
  ASSERT_TRUE(over(caller));
  expect_answer(caller);
}

TEST_P(Answers, ByteByByte) {
  Caller caller;
  caller.start(pool());
  ASSERT_TRUE(hears());
  for (const char& c : GetParam().answer) {
    if (caller.over()) { break; }
    peer().send({&c, 1});
    support::settle(loop_, 2);
  }
  if (GetParam().closes) { peer().shut_down_writing(); }
  ASSERT_TRUE(over(caller));
  expect_answer(caller);
}

INSTANTIATE_TEST_SUITE_P(Table, Answers, testing::ValuesIn(answers()),
                         [](const auto& test) { return std::string(test.param.name); });

class ConnectionTest : public UpstreamTest {};

TEST_F(ConnectionTest, AChunkedAnswerMayBeCutAnywhere) {
  const std::string answer =
      kChunked + "4\r\nWiki\r\n6;x=y\r\npedia \r\nB\r\nin \r\nchunks\r\n0\r\nT: v\r\n\r\n";
  Caller caller;
  for (std::size_t cut = 1; cut < answer.size(); ++cut) {
    caller.start(pool());
    ASSERT_TRUE(hears());
    peer().send(std::string_view(answer).substr(0, cut));
    support::settle(loop_, 3);
    EXPECT_FALSE(caller.over()) << cut;
    peer().send(std::string_view(answer).substr(cut));
    ASSERT_TRUE(over(caller));
    EXPECT_EQ(caller.body, "Wikipedia in \r\nchunks") << cut;
  }
  EXPECT_EQ(upstream_.accepted(), 1u);
}

TEST_F(ConnectionTest, AnAnswerToHeadHasNoBody) {
  constexpr std::string_view kHead = "HEAD / HTTP/1.1\r\nHost: u\r\n\r\n";
  Caller caller;
  caller.start(pool(), {}, {.pieces = {&kHead, 1}, .is_head = true});
  ASSERT_TRUE(hears());
  peer().send(kOk + "Content-Length: 100\r\n\r\n");
  ASSERT_TRUE(over(caller));
  EXPECT_EQ(caller.ends, 1);
  exchange(caller);
  EXPECT_EQ(upstream_.accepted(), 1u);
}

TEST_F(ConnectionTest, BytesBehindAnAnswerSpoilTheConnection) {
  Caller caller;
  caller.start(pool());
  ASSERT_TRUE(hears());
  peer().send(kOk + "Content-Length: 2\r\n\r\nok" + kOk + "Content-Length: 9\r\n\r\nsmuggled!");
  ASSERT_TRUE(over(caller));
  EXPECT_EQ(caller.body, "ok");
  EXPECT_EQ(pool().open(), 0u);
}

TEST_F(ConnectionTest, BytesThatNobodyAskedForSpoilAnIdleConnection) {
  Caller caller;
  exchange(caller);
  EXPECT_EQ(pool().idle(), 1u);
  peer().send("HTTP/1.1 408 Request Timeout\r\n\r\n");
  EXPECT_TRUE(run_until([this] { return pool().open() == 0; }));
}

TEST_F(ConnectionTest, ACloseOfAnIdleConnectionIsSeen) {
  Caller caller;
  exchange(caller);
  peer().close();
  EXPECT_TRUE(run_until([this] { return pool().open() == 0 && pool().idle() == 0; }));
}

TEST_F(ConnectionTest, AHeadTooLargeIsRefused) {
  Caller caller;
  caller.start(pool());
  ASSERT_TRUE(hears());
  peer().send(kOk + "x: " + std::string(200 * 1024, 'y'));
  ASSERT_TRUE(over(caller));
  EXPECT_EQ(caller.error->code, Errc::upstream_protocol);
  EXPECT_EQ(caller.error->detail, "the answer's head is too large");
}

TEST_F(ConnectionTest, ManyChunksOfOneReadComeWithOneFlush) {
  std::string answer = kChunked, body;
  for (int i = 0; i < 1000; ++i) {
    answer += "1\r\nx\r\n";
    body += 'x';
  }
  Caller caller;
  caller.start(pool());
  ASSERT_TRUE(hears());
  peer().send(answer);
  settle();
  EXPECT_EQ(caller.body, body);
  EXPECT_EQ(caller.flushes, 1);
}

TEST_F(ConnectionTest, ALargeAnswerArrivesWhole) {
  std::string body(5 << 20, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) { body[i] = static_cast<char>('a' + i % 26); }
  Caller caller;
  caller.start(pool());
  ASSERT_TRUE(hears());
  peer().send(kOk + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  ASSERT_TRUE(over(caller));
  EXPECT_TRUE(caller.body == body);
  EXPECT_EQ(pool().idle(), 1u);
}

TEST_F(ConnectionTest, AResetInsideAnAnswerIsAFailureEvenUntilClose) {
  Caller caller;
  caller.start(pool());
  ASSERT_TRUE(hears());
  peer().send(kOk + "\r\nbytes");
  ASSERT_TRUE(run_until([&] { return caller.body == "bytes"; }));
  peer().reset();
  ASSERT_TRUE(over(caller));
  EXPECT_EQ(caller.error->code, Errc::upstream_closed);
}

}  // namespace
}  // namespace butter::upstream
