#include "provider/provider.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "unit/provider/names.h"

namespace butter::provider {
namespace {

using config::ProviderType;

config::Provider config_of(ProviderType type, std::string base_url = "https://h.test/v1") {
  config::Provider config;
  config.name = "p";
  config.type = type;
  config.base_url = std::move(base_url);
  config.api_version = "2024-10-21";
  return config;
}

struct Case {
  const char* name;
  ProviderType type;
  std::string_view auth;      ///< for the key "K"
  std::string_view defaults;  ///< "name: value"
  bool native;
  std::string_view speaks;  ///< operations, by name
  friend std::ostream& operator<<(std::ostream& os, const Case& c) { return os << c.name; }
};

constexpr std::string_view kOpenAi = "chat completions responses embeddings other ";

constexpr Case kCases[] = {
    {"openai", ProviderType::openai, "Authorization: Bearer K\r\n", "", true, kOpenAi},
    {"azure_openai", ProviderType::azure_openai, "api-key: K\r\n", "", true, kOpenAi},
    {"anthropic", ProviderType::anthropic, "x-api-key: K\r\n", "anthropic-version: 2023-06-01",
     true, "messages other "},
    {"gemini", ProviderType::gemini, "x-goog-api-key: K\r\n", "", true, ""},
    {"bedrock", ProviderType::bedrock, "", "", false, ""},
    {"mock", ProviderType::mock, "", "", false, kOpenAi},
};

class ProviderTypes : public testing::TestWithParam<Case> {
 protected:
  config::Provider config_ = config_of(GetParam().type);
  std::unique_ptr<Provider> provider_ = make_provider(config_).value();
};

TEST_P(ProviderTypes, WritesItsCredential) {
  Buffer out;
  provider_->write_auth(out, Secret("K"));
  EXPECT_EQ(out.view(), GetParam().auth);
}

TEST_P(ProviderTypes, WritesNothingForAnEmptyKey) {
  Buffer out;
  provider_->write_auth(out, Secret());
  EXPECT_EQ(out.view(), "");
}

TEST_P(ProviderTypes, HasItsDefaultHeaders) {
  std::string defaults;
  for (const DefaultHeader& header : provider_->default_headers()) {
    defaults.append(header.name).append(": ").append(header.value);
  }
  EXPECT_EQ(defaults, GetParam().defaults);
}

TEST_P(ProviderTypes, SaysWhatItSpeaks) {
  std::string speaks;
  for (const Operation operation : {Operation::chat, Operation::completions, Operation::responses,
                                    Operation::messages, Operation::embeddings, Operation::other}) {
    if (provider_->speaks(operation)) { speaks.append(to_string(operation)).append(" "); }
  }
  EXPECT_EQ(speaks, GetParam().speaks);
  EXPECT_EQ(provider_->has_native(), GetParam().native);
}

TEST_P(ProviderTypes, KeepsItsConfiguration) {
  EXPECT_EQ(&provider_->config(), &config_);
  EXPECT_EQ(provider_->url().host, "h.test");
}

INSTANTIATE_TEST_SUITE_P(Table, ProviderTypes, testing::ValuesIn(kCases), test::name_of);

struct TargetCase {
  const char* name;
  ProviderType type;
  std::string_view path;
  std::string_view query;
  std::string_view expected;
  friend std::ostream& operator<<(std::ostream& os, const TargetCase& c) { return os << c.name; }
};

constexpr auto kPlain = ProviderType::openai;
constexpr auto kAzure = ProviderType::azure_openai;

constexpr TargetCase kTargets[] = {
    {"path", kPlain, "/chat/completions", "", "/v1/chat/completions"},
    {"query", kPlain, "/models", "a=b&c", "/v1/models?a=b&c"},
    {"stays_encoded", kPlain, "/a%2Fb%3Fq=1%20c", "x=%26", "/v1/a%2Fb%3Fq=1%20c?x=%26"},
    {"no_path", kPlain, "", "", "/v1"},
    {"case_47_azure", kAzure, "/chat/completions", "",
     "/v1/chat/completions?api-version=2024-10-21"},
    {"case_49_azure_version_replaced", kAzure, "/some/path", "api-version=1",
     "/v1/some/path?api-version=2024-10-21"},
    {"azure_keeps_the_rest", kAzure, "/p", "a=1&api-version=1&b=2&API-Version=3",
     "/v1/p?a=1&b=2&api-version=2024-10-21"},
    {"azure_name_without_value", kAzure, "/p", "api-version", "/v1/p?api-version=2024-10-21"},
    {"azure_similar_names", kAzure, "/p", "api-versions=1&xapi-version=2",
     "/v1/p?api-versions=1&xapi-version=2&api-version=2024-10-21"},
    {"azure_empty_parameters", kAzure, "/p", "&&a&", "/v1/p?a&api-version=2024-10-21"},
};

class ProviderTarget : public testing::TestWithParam<TargetCase> {};

TEST_P(ProviderTarget, Is) {
  const config::Provider config = config_of(GetParam().type);
  const std::unique_ptr<Provider> provider = make_provider(config).value();
  Buffer out;
  provider->write_target(out, GetParam().path, GetParam().query);
  EXPECT_EQ(out.view(), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Table, ProviderTarget, testing::ValuesIn(kTargets), test::name_of);

TEST(Provider, TheBasesTrailingSlashDoesNotCount) {
  const config::Provider config = config_of(kPlain, "https://h.test/");
  Buffer out;
  make_provider(config).value()->write_target(out, "/chat/completions", "");
  EXPECT_EQ(out.view(), "/chat/completions");
}

TEST(Provider, Credentials) {
  for (const char* name : {"authorization", "Authorization", "proxy-authorization", "x-api-key",
                           "X-Api-Key", "api-key", "x-goog-api-key", "cookie"}) {
    EXPECT_TRUE(Provider::is_credential(name)) << name;
  }
  for (const char* name : {"content-type", "anthropic-version", "x-api-keys", "", "set-cookie"}) {
    EXPECT_FALSE(Provider::is_credential(name)) << name;
  }
}

}  // namespace
}  // namespace butter::provider
