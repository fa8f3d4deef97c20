#include <gtest/gtest.h>

#include <array>
#include <string_view>

#include "unit/provider/made.h"

namespace butter::provider {
namespace {

TEST(AzureOpenAi, SaysWhatIsItsOwn) {
  const test::Made made(config::ProviderType::azure_openai);
  EXPECT_EQ(made.auth("K"), "api-key: K\r\n");
  EXPECT_EQ(made.auth(""), "");
  EXPECT_EQ(made.defaults(), "");
  EXPECT_EQ(made.speaks(), "chat completions responses embeddings other ");
  EXPECT_EQ(made.provider->has_native(), true);
}

// Cases 47 to 49: the configured version always, the caller's never.
TEST(AzureOpenAi, Targets) {
  const test::Made made(config::ProviderType::azure_openai);
  const std::array<std::string_view, 3> cases[] = {
      {"/chat/completions", "", "/v1/chat/completions?api-version=2024-10-21"},
      {"/embeddings", "", "/v1/embeddings?api-version=2024-10-21"},
      {"/some/path", "api-version=1", "/v1/some/path?api-version=2024-10-21"},
      {"/p", "a=1&api-version=1&b=2&API-Version=3", "/v1/p?a=1&b=2&api-version=2024-10-21"},
      {"/p", "api-version", "/v1/p?api-version=2024-10-21"},
      {"/p", "api-versions=1&xapi-version=2",
       "/v1/p?api-versions=1&xapi-version=2&api-version=2024-10-21"},
      {"/p", "&&a&", "/v1/p?a&api-version=2024-10-21"},
  };
  for (const auto& [path, query, expected] : cases) {
    EXPECT_EQ(made.target(path, query), expected);
  }
}

TEST(AzureOpenAi, DeploymentsByModel) {
  const test::Made made(config::ProviderType::azure_openai,
                        "https://x.openai.azure.com/openai/deployments/{deployment}");
  EXPECT_EQ(made.target("/chat/completions", "", "gpt 4o/x"),
            "/openai/deployments/gpt%204o%2Fx/chat/completions?api-version=2024-10-21");
  EXPECT_EQ(made.target("/files", "", ""), "/openai/files?api-version=2024-10-21");
}

TEST(AzureOpenAi, UsageInStreamsFromTheVersionThatHasIt) {
  const test::Made made(config::ProviderType::azure_openai);
  EXPECT_TRUE(made.provider->streams_usage());
  config::Provider old = made.config;
  old.api_version = "2024-06-01";
  EXPECT_FALSE(make_provider(old).value()->streams_usage());
}

}  // namespace
}  // namespace butter::provider
