#include "dialect/chat_usage.h"

#include "unit/dialect/chat_support.h"

namespace butter::dialect {
namespace {

using testing::HasSubstr;

TEST(ChatUsage, WhatIsWrittenIsRead) {
  const Usage usage{.input = 9,
                    .cached = 4,
                    .cache_write = 2,
                    .output = 8,
                    .reasoning = 3,
                    .audio_in = 1,
                    .audio_out = 5};
  Buffer out;
  json::Writer writer(out);
  write_chat_usage(usage, writer);
  json::Cursor at(out.view());
  const Usage read = read_chat_usage(at);
  EXPECT_EQ(read.input, 9U);
  EXPECT_EQ(read.cached, 4U);
  EXPECT_EQ(read.cache_write, 2U);
  EXPECT_EQ(read.output, 8U);
  EXPECT_EQ(read.reasoning, 3U);
  EXPECT_EQ(read.audio_in, 1U);
  EXPECT_EQ(read.audio_out, 5U);
  EXPECT_THAT(std::string(out.view()), HasSubstr("\"total_tokens\":17"));
}

TEST(ChatUsage, WhatIsNoCountIsZero) {
  json::Cursor at(R"({"prompt_tokens":null,"completion_tokens":"x","prompt_tokens_details":null})");
  EXPECT_EQ(read_chat_usage(at).input, 0U);
}

}  // namespace
}  // namespace butter::dialect
