#include "dialect/messages_usage.h"

#include <gtest/gtest.h>

#include <string>

namespace butter::dialect {
namespace {

void read(MessagesUsage& usage, std::string_view json) {
  json::Cursor at(json);
  usage.read(at);
}

std::string written(const Usage& usage) {
  Buffer out;
  json::Writer writer(out);
  write_messages_usage(usage, writer);
  return std::string(out.view());
}

TEST(MessagesUsage, TheCacheIsPartOfTheInput) {
  MessagesUsage usage;
  read(usage, R"({"input_tokens":4,"cache_read_input_tokens":20,"cache_creation_input_tokens":3,)"
              R"("cache_creation":{"ephemeral_5m_input_tokens":3},"output_tokens":7,)"
              R"("output_tokens_details":{"thinking_tokens":5},"service_tier":"standard"})");
  const Usage total = usage.total();
  EXPECT_EQ(total.input, 27U);
  EXPECT_EQ(total.cached, 20U);
  EXPECT_EQ(total.cache_write, 3U);
  EXPECT_EQ(total.output, 7U);
  EXPECT_EQ(total.reasoning, 5U);
}

TEST(MessagesUsage, WhatAnEventDoesNotSayStays) {
  MessagesUsage usage;
  read(usage, R"({"input_tokens":4,"cache_read_input_tokens":20,"output_tokens":1})");
  read(usage, R"({"input_tokens":null,"output_tokens":9})");
  EXPECT_EQ(usage.total().input, 24U);
  EXPECT_EQ(usage.total().output, 9U);
  read(usage, R"({"input_tokens":6,"output_tokens":10})");
  EXPECT_EQ(usage.total().input, 26U);
}

TEST(MessagesUsage, IsWrittenAsItIsRead) {
  EXPECT_EQ(written({.input = 27, .cached = 20, .cache_write = 3, .output = 7, .reasoning = 5}),
            R"({"input_tokens":4,"cache_creation_input_tokens":3,"cache_read_input_tokens":20,)"
            R"("output_tokens":7,"output_tokens_details":{"thinking_tokens":5}})");
  // Providers that count wrongly make no huge numbers.
  EXPECT_EQ(written({.input = 5, .cached = 4, .cache_write = 9}),
            R"({"input_tokens":0,"cache_creation_input_tokens":1,"cache_read_input_tokens":4,)"
            R"("output_tokens":0})");
}

}  // namespace
}  // namespace butter::dialect
