#include "dialect/chat_request_reader.h"

#include "unit/dialect/chat_support.h"

namespace butter::dialect {
namespace {

using chat_test::ask;

TEST(ChatRequestReader, NumbersStayAsTheyAreWritten) {
  const auto asked = ask(chat_test::request(R"("temperature":0.70,"seed":-1e2,"max_tokens":5)"));
  EXPECT_EQ(asked->conversation.temperature.json, "0.70");
  EXPECT_EQ(asked->conversation.seed.json, "-1e2");
  EXPECT_EQ(asked->conversation.max_tokens, 5U);
}

TEST(ChatRequestReader, StopIsAStringAListOrNothing) {
  EXPECT_EQ(ask(chat_test::request(R"("stop":"a")"))->conversation.stop.size(), 1U);
  EXPECT_EQ(ask(chat_test::request(R"("stop":["a","b"])"))->conversation.stop.size(), 2U);
  EXPECT_TRUE(ask(chat_test::request(R"("stop":null)"))->conversation.stop.empty());
}

TEST(ChatRequestReader, KeysMatchAsTheScannersDo) {
  EXPECT_EQ(ask(chat_test::request(R"("Seed":1,"s\u0065ed":2)"))->conversation.seed.json, "2");
  EXPECT_EQ(ask(chat_test::request(R"("SEED":1)"))->conversation.seed.json, "1");
}

TEST(ChatRequestReader, WhatIsNotKnownIsKeptByName) {
  const auto asked = ask(chat_test::request(R"("flux":1,"off":false,"provider":"x")"));
  EXPECT_THAT(asked->conversation.unknown, testing::ElementsAre("flux"));
}

TEST(ChatRequestReader, WhatSaysNothingIsNotUsed) {
  const auto asked = ask(chat_test::request(
      R"("n":1,"logprobs":false,"store":false,"tools":null,"modalities":["text"],"user":"")"));
  EXPECT_EQ(asked->complaint, "");
  EXPECT_TRUE(asked->conversation.used.none());
}

TEST(ChatRequestReader, ComplaintsNameThePath) {
  const std::pair<const char*, const char*> rows[] = {
      {R"("temperature":"hot")", "temperature: must be a number"},
      {R"("n":0)", "n: must be at least 1"},
      {R"("stream":1)", "stream: must be true or false"},
      {R"("stop":[1])", "stop[0]: must be a string"},
      {R"("reasoning_effort":"much")",
       "reasoning_effort: must be none, minimal, low, medium, high, xhigh or max"}};
  for (const auto& [members, complaint] : rows) {
    EXPECT_EQ(chat_test::complaint(chat_test::request(members)), complaint);
  }
  EXPECT_EQ(chat_test::complaint("{}"), "model: is missing");
  EXPECT_EQ(chat_test::complaint(R"({"model":"m"})"), "messages: is missing");
  EXPECT_EQ(chat_test::complaint("null"), "the request must be an object");
  EXPECT_NE(chat_test::complaint(R"({"model":"m","messages":[)"), "");
}

}  // namespace
}  // namespace butter::dialect
