#include "provider/usage_reader.h"

#include <gtest/gtest.h>

namespace butter::provider {
namespace {

TEST(UsageReader, AnObjectOfTheDialect) {
  UsageReader chat(Operation::chat);
  chat.read(
      R"({"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":3}})");
  ASSERT_TRUE(chat.usage());
  EXPECT_EQ(chat.usage()->input, 10U);
  EXPECT_EQ(chat.usage()->output, 5U);
  EXPECT_EQ(chat.usage()->cached, 3U);

  UsageReader messages(Operation::messages);
  messages.read(R"({"input_tokens":10,"cache_read_input_tokens":3,"output_tokens":5})");
  ASSERT_TRUE(messages.usage());
  EXPECT_EQ(messages.usage()->input, 13U);
}

TEST(UsageReader, NothingIsNoUsage) {
  for (const char* const text : {"null", "", "7", "[]"}) {
    UsageReader reader(Operation::chat);
    reader.read(text);
    EXPECT_FALSE(reader.usage()) << text;
  }
  UsageReader other(Operation::other);
  other.read(R"({"prompt_tokens":1})");
  EXPECT_FALSE(other.usage());
}

TEST(UsageReader, EventsOfMessagesAddWhatTheyKnow) {
  UsageReader reader(Operation::messages);
  reader.read_event(
      R"({"type":"message_start","message":{"usage":{"input_tokens":10,"output_tokens":1}}})");
  reader.read_event(R"({"type":"message_delta","delta":{},"usage":{"output_tokens":7}})");
  ASSERT_TRUE(reader.usage());
  EXPECT_EQ(reader.usage()->input, 10U);
  EXPECT_EQ(reader.usage()->output, 7U);
}

TEST(UsageReader, AResponsesEventHoldsTheResponse) {
  UsageReader reader(Operation::responses);
  reader.read_event(
      R"({"type":"response.completed","response":{"usage":{"input_tokens":2,"output_tokens":3}}})");
  ASSERT_TRUE(reader.usage());
  EXPECT_EQ(reader.usage()->output, 3U);
}

TEST(UsageReader, WhatComesLaterHolds) {
  UsageReader reader(Operation::chat);
  reader.read(R"({"prompt_tokens":10,"completion_tokens":1})");
  reader.read(R"({"prompt_tokens":10,"completion_tokens":9})");
  EXPECT_EQ(reader.usage()->output, 9U);
}

}  // namespace
}  // namespace butter::provider
