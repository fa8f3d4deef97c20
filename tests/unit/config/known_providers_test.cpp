#include "config/known_providers.h"

#include <algorithm>

#include "unit/config/support.h"

namespace butter::config {
namespace {

struct Case {
  const char* name;
  ProviderType type;
  const char* base_url;
  friend std::ostream& operator<<(std::ostream& os, const Case& c) { return os << c.name; }
};

constexpr Case kCases[] = {
    {"openai", ProviderType::openai, "https://api.openai.com/v1"},
    {"openrouter", ProviderType::openai, "https://openrouter.ai/api/v1"},
    {"groq", ProviderType::openai, "https://api.groq.com/openai/v1"},
    {"mistral", ProviderType::openai, "https://api.mistral.ai/v1"},
    {"together", ProviderType::openai, "https://api.together.xyz/v1"},
    {"fireworks", ProviderType::openai, "https://api.fireworks.ai/inference/v1"},
    {"perplexity", ProviderType::openai, "https://api.perplexity.ai"},
    {"deepseek", ProviderType::openai, "https://api.deepseek.com"},
    {"xai", ProviderType::openai, "https://api.x.ai/v1"},
    {"cohere", ProviderType::openai, "https://api.cohere.ai/compatibility/v1"},
    {"ollama", ProviderType::openai, "http://localhost:11434/v1"},
    {"vllm", ProviderType::openai, "http://localhost:8000/v1"},
    {"anthropic", ProviderType::anthropic, "https://api.anthropic.com/v1"},
    {"gemini", ProviderType::gemini, "https://generativelanguage.googleapis.com"},
    {"vertex", ProviderType::vertex, ""},
    {"bedrock", ProviderType::bedrock, ""},
    {"mock", ProviderType::mock, ""},
    {"azureopenai", ProviderType::azure_openai, ""},
    {"azureopenai-sweden", ProviderType::azure_openai, ""},
};

class KnownName : public testing::TestWithParam<Case> {};

TEST_P(KnownName, HasTypeAndUrl) {
  const auto known = find_known_provider(GetParam().name);
  ASSERT_TRUE(known.has_value());
  EXPECT_EQ(known->type, GetParam().type);
  EXPECT_EQ(known->base_url, GetParam().base_url);
}

INSTANTIATE_TEST_SUITE_P(Table, KnownName, testing::ValuesIn(kCases), test::by_name);

TEST(KnownProviders, OtherNamesAreNotKnown) {
  for (const char* name : {"", "OpenAI", "openai2", "azure", "local"}) {
    EXPECT_FALSE(find_known_provider(name).has_value()) << name;
  }
}

TEST(KnownProviders, NamesAreDistinct) {
  for (const KnownProvider& one : known_providers()) {
    EXPECT_EQ(std::ranges::count(known_providers(), one.name, &KnownProvider::name), 1) << one.name;
  }
}

TEST(UsualBaseUrl, OnlyWhereOneServiceSpeaksTheDialect) {
  EXPECT_EQ(usual_base_url(ProviderType::openai), std::nullopt);
  EXPECT_EQ(usual_base_url(ProviderType::azure_openai), std::nullopt);
  EXPECT_EQ(usual_base_url(ProviderType::anthropic), "https://api.anthropic.com/v1");
  EXPECT_EQ(usual_base_url(ProviderType::gemini), "https://generativelanguage.googleapis.com");
  EXPECT_EQ(usual_base_url(ProviderType::vertex), "");
  EXPECT_EQ(usual_base_url(ProviderType::bedrock), "");
  EXPECT_EQ(usual_base_url(ProviderType::mock), "");
}

}  // namespace
}  // namespace butter::config
