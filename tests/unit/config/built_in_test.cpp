#include <algorithm>

#include "unit/config/support.h"

namespace butter::config {
namespace {

using test::environment;

TEST(BuiltIn, MockAloneWithoutVariables) {
  const Config config = built_in(environment({}));
  ASSERT_EQ(config.providers.size(), 1u);
  EXPECT_EQ(config.providers[0].name, "mock");
  EXPECT_EQ(config.providers[0].type, ProviderType::mock);
  EXPECT_EQ(config.routing.default_provider, "mock");
  EXPECT_EQ(config.path, "");
  EXPECT_TRUE(config.warnings.empty());
}

TEST(BuiltIn, MetricsRequestLogAndFailoverAreOn) {
  const Config config = built_in(environment({}));
  EXPECT_TRUE(config.metrics.enabled);
  EXPECT_TRUE(config.requestlog.enabled);
  EXPECT_TRUE(config.routing.failover.enabled);
}

struct Case {
  const char* variable;
  const char* provider;
  ProviderType type;
  friend std::ostream& operator<<(std::ostream& os, const Case& c) { return os << c.variable; }
};

constexpr Case kCases[] = {
    {"OPENAI_API_KEY", "openai", ProviderType::openai},
    {"ANTHROPIC_API_KEY", "anthropic", ProviderType::anthropic},
    {"GEMINI_API_KEY", "gemini", ProviderType::gemini},
    {"OPENROUTER_API_KEY", "openrouter", ProviderType::openai},
    {"GROQ_API_KEY", "groq", ProviderType::openai},
    {"MISTRAL_API_KEY", "mistral", ProviderType::openai},
    {"TOGETHER_API_KEY", "together", ProviderType::openai},
    {"FIREWORKS_API_KEY", "fireworks", ProviderType::openai},
    {"PERPLEXITY_API_KEY", "perplexity", ProviderType::openai},
    {"DEEPSEEK_API_KEY", "deepseek", ProviderType::openai},
    {"XAI_API_KEY", "xai", ProviderType::openai},
    {"COHERE_API_KEY", "cohere", ProviderType::openai},
};

class BuiltInVariable : public testing::TestWithParam<Case> {};

TEST_P(BuiltInVariable, BringsItsProvider) {
  const Config config = built_in(environment({{GetParam().variable, "sk-1"}}));
  ASSERT_EQ(config.providers.size(), 2u);
  const Provider& provider = config.providers[1];
  EXPECT_EQ(provider.name, GetParam().provider);
  EXPECT_EQ(provider.type, GetParam().type);
  EXPECT_TRUE(provider.base_url.starts_with("https://")) << provider.base_url;
  ASSERT_EQ(provider.keys.size(), 1u);
  EXPECT_EQ(provider.keys[0].key.reveal(), "sk-1");
  EXPECT_EQ(provider.keys[0].weight, 1);
}

TEST_P(BuiltInVariable, EmptyCountsAsNotSet) {
  EXPECT_EQ(built_in(environment({{GetParam().variable, ""}})).providers.size(), 1u);
}

INSTANTIATE_TEST_SUITE_P(Table, BuiltInVariable, testing::ValuesIn(kCases),
                         [](const auto& param_info) {
                           return std::string(param_info.param.provider);
                         });

}  // namespace
}  // namespace butter::config
