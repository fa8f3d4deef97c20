#include <gtest/gtest.h>

#include "unit/provider/made.h"

namespace butter::provider {
namespace {

TEST(Gemini, SaysWhatIsItsOwn) {
  const test::Made made(config::ProviderType::gemini);
  EXPECT_EQ(made.auth("K"), "x-goog-api-key: K\r\n");
  EXPECT_EQ(made.auth(""), "");
  EXPECT_EQ(made.defaults(), "");
  EXPECT_EQ(made.speaks(), "");
  EXPECT_EQ(made.provider->has_native(), true);
}

TEST(Gemini, TheKeyIsNeverInTheTarget) {
  const test::Made made(config::ProviderType::gemini, "https://h.test");
  EXPECT_EQ(made.target("/v1beta/models/m:generateContent", "alt=sse"),
            "/v1beta/models/m:generateContent?alt=sse");
}

}  // namespace
}  // namespace butter::provider
