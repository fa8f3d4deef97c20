#include "provider/provider.h"

#include <gtest/gtest.h>

#include "unit/provider/made.h"

namespace butter::provider {
namespace {

constexpr auto kPlain = config::ProviderType::openai;

TEST(Provider, TargetsStayEncoded) {
  EXPECT_EQ(test::Made(kPlain).target("/a%2Fb%3Fq=1%20c", "x=%26"), "/v1/a%2Fb%3Fq=1%20c?x=%26");
}

TEST(Provider, AnEmptyPathIsTheBase) {
  EXPECT_EQ(test::Made(kPlain).target(""), "/v1");
}

TEST(Provider, TheBasesTrailingSlashDoesNotCount) {
  EXPECT_EQ(test::Made(kPlain, "https://h.test/").target("/chat/completions"), "/chat/completions");
}

TEST(Provider, KeepsItsConfiguration) {
  const test::Made made(kPlain);
  EXPECT_EQ(&made.provider->config(), &made.config);
  EXPECT_EQ(made.provider->url().host, "h.test");
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
