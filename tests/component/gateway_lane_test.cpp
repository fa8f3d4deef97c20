#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "component/gateway_fixture.h"

namespace butter::gateway::test {
namespace {

using testing::HasSubstr;

const std::string kDone = "data: [DONE]\n\n";
const std::string kHello = chat_event("Hello");
const std::string kHi = chat_event("Hi");

/// Two providers, of which the second is asked too when the first takes longer than nearly always.
class LaneTest : public testing::Test {
 protected:
  LaneTest() : gateway_(config()), client_(gateway_.client()) {
    // What answers usually take must be known first.
    for (std::uint32_t i = 0; i < routing::Hedge::kEnough; ++i) {
      client_.send(request("POST /v1/chat/completions", R"({"model":"m"})"));
      if (i == 0) { first_connection_ = first_.accept(); }
      EXPECT_TRUE(first_connection_.read_request().whole);
      first_connection_.send(answer(200, "{}"));
      EXPECT_EQ(client_.read_answer().status(), 200);
    }
  }

  [[nodiscard]] config::Config config() const {
    config::Config out = failing_over(first_, second_);
    out.routing.models[0].patience.hedge = {.enabled = true, .max_extra = 100, .min_delay = 20ms};
    return out;
  }

  /// A stream that neither provider has answered yet: both have read it.
  Peer both_asked() {
    client_.send(request("POST /v1/chat/completions", R"({"model":"m","stream":true})"));
    EXPECT_TRUE(first_connection_.read_request().whole);
    Peer second = second_.asked();
    return second;
  }

  Upstream first_, second_;
  Gateway gateway_;
  Peer client_;
  Peer first_connection_;
};

TEST_F(LaneTest, TheSecondWinsAndTheFirstIsCancelled) {
  Peer second = both_asked();
  second.send(stream_head() + chunk(kHi + kDone) + "0\r\n\r\n");
  const Message back = client_.read_answer();
  EXPECT_EQ(back.body, kHi + kDone);
  EXPECT_EQ(back.field("x-butter-provider"), "second");
  EXPECT_EQ(back.field("x-butter-attempts"), "2");
  EXPECT_TRUE(first_connection_.at_end());
  EXPECT_TRUE(
      gateway_.wait_for_metric(R"(butter_attempts_total{provider="second",reason="hedge"} 1)"));
}

TEST_F(LaneTest, TheFirstMayStillWin) {
  Peer second = both_asked();
  // A head and a role are no content.
  second.send(stream_head() +
              chunk("data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\"}}]}\n\n"));
  first_connection_.send(stream_head() + chunk(kHello + kDone) + "0\r\n\r\n");
  const Message back = client_.read_answer();
  EXPECT_EQ(back.body, kHello + kDone);
  EXPECT_EQ(back.field("x-butter-provider"), "first");
  EXPECT_TRUE(second.at_end());
}

TEST_F(LaneTest, OneThatFailsLeavesItToTheOther) {
  Peer second = both_asked();
  second.send(answer(500, "{}"));
  first_connection_.send(stream_head() + chunk(kHello + kDone) + "0\r\n\r\n");
  EXPECT_EQ(client_.read_answer().body, kHello + kDone);
}

TEST_F(LaneTest, WhenBothFailTheLastErrorIsTheAnswer) {
  Peer second = both_asked();
  // A kept connection that dies is replaced unseen; a fresh one is not.
  first_connection_.reset();
  Peer fresh = first_.asked();
  fresh.reset();
  second.send(answer(503, R"({"error":"theirs"})"));
  // Whichever is seen last.
  const int status = client_.read_answer().status();
  EXPECT_TRUE(status == 503 || status == 502) << status;
}

TEST_F(LaneTest, BothEndWhenTheClientLeaves) {
  Peer second = both_asked();
  client_.close();
  EXPECT_TRUE(first_connection_.at_end());
  EXPECT_TRUE(second.at_end());
  EXPECT_TRUE(gateway_.wait_for_metric("butter_inflight 0"));
}

}  // namespace
}  // namespace butter::gateway::test
