#include "dialect/gemini_finish.h"

#include <gtest/gtest.h>

namespace butter::dialect::gemini {
namespace {

TEST(GeminiFinish, Reasons) {
  using Reason = Finish::Reason;
  const std::pair<std::string_view, Reason> cases[] = {
      {"STOP", Reason::stop},
      {"MAX_TOKENS", Reason::length},
      {"SAFETY", Reason::content_filter},
      {"RECITATION", Reason::content_filter},
      {"BLOCKLIST", Reason::content_filter},
      {"PROHIBITED_CONTENT", Reason::content_filter},
      {"SPII", Reason::content_filter},
      {"IMAGE_SAFETY", Reason::content_filter},
      {"LANGUAGE", Reason::other},
      {"MALFORMED_FUNCTION_CALL", Reason::other},
      {"OTHER", Reason::other},
      {"A_NEW_ONE", Reason::other}};
  for (const auto& [reason, meaning] : cases) { EXPECT_EQ(finish_of(reason, false), meaning); }
}

TEST(GeminiFinish, CallsAreNoStop) {
  EXPECT_EQ(finish_of("STOP", true), Finish::Reason::tool_calls);
  EXPECT_EQ(finish_of("MAX_TOKENS", true), Finish::Reason::length);
}

}  // namespace
}  // namespace butter::dialect::gemini
