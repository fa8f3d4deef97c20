#include "dialect/gemini_usage.h"

#include <gtest/gtest.h>

namespace butter::dialect::gemini {
namespace {

Usage usage_of(std::string_view text) {
  json::Cursor at(text);
  return read_usage(at);
}

TEST(GeminiUsage, ThoughtsAndToolsAreCounted) {
  const Usage usage = usage_of(R"({"promptTokenCount":100,"cachedContentTokenCount":60,
    "candidatesTokenCount":20,"thoughtsTokenCount":30,"toolUsePromptTokenCount":5,
    "totalTokenCount":155,
    "promptTokensDetails":[{"modality":"TEXT","tokenCount":75},{"modality":"AUDIO","tokenCount":25}],
    "candidatesTokensDetails":[{"tokenCount":8,"modality":"AUDIO"}]})");
  EXPECT_EQ(usage.input, 105U);
  EXPECT_EQ(usage.cached, 60U);
  EXPECT_EQ(usage.cache_write, 0U);
  EXPECT_EQ(usage.output, 50U);
  EXPECT_EQ(usage.reasoning, 30U);
  EXPECT_EQ(usage.audio_in, 25U);
  EXPECT_EQ(usage.audio_out, 8U);
}

TEST(GeminiUsage, WhatIsNotThereIsNothing) {
  for (const std::string_view text : {"{}", "null", "[1]", R"({"promptTokenCount":"x"})"}) {
    const Usage usage = usage_of(text);
    EXPECT_EQ(usage.input + usage.output, 0U) << text;
  }
}

}  // namespace
}  // namespace butter::dialect::gemini
