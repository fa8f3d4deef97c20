#include <gtest/gtest.h>

#include <array>
#include <string_view>

#include "unit/provider/made.h"

namespace butter::provider {
namespace {

TEST(OpenAi, SaysWhatIsItsOwn) {
  const test::Made made(config::ProviderType::openai);
  EXPECT_EQ(made.auth("K"), "Authorization: Bearer K\r\n");
  EXPECT_EQ(made.auth(""), "");
  EXPECT_EQ(made.defaults(), "");
  EXPECT_EQ(made.speaks(), "chat completions responses embeddings other ");
  EXPECT_EQ(made.provider->has_native(), true);
}

TEST(OpenAi, Targets) {
  const test::Made made(config::ProviderType::openai);
  const std::array<std::string_view, 3> cases[] = {
      {"/chat/completions", "", "/v1/chat/completions"},
      {"/models", "a=b&c", "/v1/models?a=b&c"},
  };
  for (const auto& [path, query, expected] : cases) {
    EXPECT_EQ(made.target(path, query), expected);
  }
}

TEST(OpenAi, KnownProvidersDifferInWhatTheyTake) {
  const auto made = [](std::string name) {
    config::Provider config;
    config.name = std::move(name);
    config.base_url = "https://h.test/v1";
    return make_provider(config).value()->target("m", false).max_completion_tokens;
  };
  EXPECT_TRUE(made("openai"));
  EXPECT_TRUE(made("of-my-own"));
  EXPECT_FALSE(made("mistral"));
  EXPECT_FALSE(made("deepseek"));

  test::Made mistral(config::ProviderType::openai);
  EXPECT_TRUE(mistral.provider->streams_usage());
  mistral.config.name = "mistral";
  EXPECT_FALSE(mistral.provider->streams_usage());
  EXPECT_FALSE(mistral.provider->target("m", true).stream_options);
  EXPECT_EQ(mistral.speaks(), "chat completions embeddings other ");
}

}  // namespace
}  // namespace butter::provider
