#include <gtest/gtest.h>

#include <array>
#include <string>
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

TEST(Anthropic, TakesTranslatedRequestsAsMessages) {
  const test::Made made(config::ProviderType::anthropic);
  EXPECT_EQ(made.provider->dialect(), dialect::Dialect::messages);
  const dialect::Target target = made.provider->target("claude-x", true);
  EXPECT_EQ(target.model, "claude-x");
  EXPECT_TRUE(target.stream);
  EXPECT_EQ(target.anthropic_version, "");
  std::string path;
  made.provider->append_path(target, path);
  EXPECT_EQ(path, "/messages");
}

}  // namespace
}  // namespace butter::provider
