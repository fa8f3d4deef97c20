#include <gtest/gtest.h>

#include <array>
#include <string_view>

#include "unit/provider/made.h"

namespace butter::provider {
namespace {

TEST(Anthropic, SaysWhatIsItsOwn) {
  const test::Made made(config::ProviderType::anthropic);
  EXPECT_EQ(made.auth("K"), "x-api-key: K\r\n");
  EXPECT_EQ(made.auth(""), "");
  EXPECT_EQ(made.defaults(), "anthropic-version: 2023-06-01\n");
  EXPECT_EQ(made.speaks(), "messages other ");
  EXPECT_EQ(made.provider->has_native(), true);
}

TEST(Anthropic, Targets) {
  const test::Made made(config::ProviderType::anthropic);
  const std::array<std::string_view, 3> cases[] = {
      {"/messages", "", "/v1/messages"},
      {"/messages", "beta=true", "/v1/messages?beta=true"},
  };
  for (const auto& [path, query, expected] : cases) {
    EXPECT_EQ(made.target(path, query), expected);
  }
}

}  // namespace
}  // namespace butter::provider
