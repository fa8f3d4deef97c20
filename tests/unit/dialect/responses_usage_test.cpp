#include "dialect/responses_usage.h"

#include <gtest/gtest.h>

namespace butter::dialect {
namespace {

Usage read(std::string_view text) {
  json::Cursor at(text);
  return read_responses_usage(at);
}

TEST(ResponsesUsage, EveryCountIsRead) {
  const Usage usage = read(
      R"({"input_tokens":30,"input_tokens_details":{"cached_tokens":8,"cache_write_tokens":2,"x":1},)"
      R"("output_tokens":12,"output_tokens_details":{"reasoning_tokens":4},"total_tokens":42})");
  EXPECT_EQ(usage.input, 30U);
  EXPECT_EQ(usage.cached, 8U);
  EXPECT_EQ(usage.cache_write, 2U);
  EXPECT_EQ(usage.output, 12U);
  EXPECT_EQ(usage.reasoning, 4U);
}

TEST(ResponsesUsage, NullSaysNothing) {
  EXPECT_EQ(read("null").input, 0U);
  EXPECT_EQ(read(R"({"input_tokens":null,"input_tokens_details":null})").input, 0U);
}

TEST(ResponsesUsage, WhatIsWrittenIsRead) {
  Buffer out;
  json::Writer writer(out);
  write_responses_usage({.input = 30, .cached = 8, .cache_write = 2, .output = 12, .reasoning = 4},
                        writer);
  EXPECT_EQ(
      out.view(),
      R"({"input_tokens":30,"input_tokens_details":{"cached_tokens":8,"cache_write_tokens":2},)"
      R"("output_tokens":12,"output_tokens_details":{"reasoning_tokens":4},"total_tokens":42})");
  EXPECT_EQ(read(out.view()).reasoning, 4U);
}

}  // namespace
}  // namespace butter::dialect
