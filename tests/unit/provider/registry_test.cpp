#include <gtest/gtest.h>

#include "provider/provider.h"

namespace butter::provider {
namespace {

using config::ProviderType;

Result<std::unique_ptr<Provider>> make(ProviderType type, std::string base_url) {
  static config::Provider config;  // outlives what is made
  config.type = type;
  config.base_url = std::move(base_url);
  return make_provider(config);
}

TEST(Registry, MakesEveryType) {
  for (const ProviderType type :
       {ProviderType::openai, ProviderType::azure_openai, ProviderType::anthropic,
        ProviderType::gemini, ProviderType::vertex, ProviderType::bedrock, ProviderType::mock}) {
    EXPECT_TRUE(make(type, "http://localhost:1/v1"));
  }
}

TEST(Registry, OnlyTypesThatCallNobodyNeedNoUrl) {
  EXPECT_TRUE(make(ProviderType::mock, ""));
  EXPECT_TRUE(make(ProviderType::bedrock, ""));
  EXPECT_FALSE(make(ProviderType::openai, ""));
  EXPECT_FALSE(make(ProviderType::azure_openai, ""));
  EXPECT_FALSE(make(ProviderType::anthropic, ""));
  EXPECT_FALSE(make(ProviderType::gemini, ""));
}

TEST(Registry, AWrongUrlIsABadConfiguration) {
  const auto made = make(ProviderType::openai, "https://h?x");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, Errc::bad_config);
  EXPECT_EQ(made.error().detail,
            R"(base_url "https://h?x": must have neither a query nor a fragment)");
}

TEST(Registry, AWrongUrlCountsWhereNoneIsNeededToo) {
  EXPECT_FALSE(make(ProviderType::mock, "nonsense"));
}

}  // namespace
}  // namespace butter::provider
