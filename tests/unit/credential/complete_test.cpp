#include "credential/complete.h"

#include "unit/credential/setup.h"

namespace butter::credential {
namespace {

using Type = config::ProviderType;

config::Provider completed(config::Provider provider, test::Variables variables) {
  variables.emplace("HOME", "/nowhere");
  complete(provider, test::environment(std::move(variables)));
  return provider;
}

config::Provider of(Type type) {
  config::Provider provider;
  provider.type = type;
  return provider;
}

TEST(Complete, RegionInTheOrderOfAwssSdks) {
  const test::Folder folder;
  const test::Variables all{{"AWS_REGION", "a"},
                            {"AWS_DEFAULT_REGION", "b"},
                            {"AWS_CONFIG_FILE", folder.write("c", "[default]\nregion=c\n")}};
  config::Provider configured = of(Type::bedrock);
  configured.region = "own";
  EXPECT_EQ(completed(configured, all).region, "own");
  test::Variables left = all;
  EXPECT_EQ(completed(of(Type::bedrock), left).region, "a");
  left.erase("AWS_REGION");
  EXPECT_EQ(completed(of(Type::bedrock), left).region, "b");
  left.erase("AWS_DEFAULT_REGION");
  EXPECT_EQ(completed(of(Type::bedrock), left).region, "c");
  EXPECT_EQ(completed(of(Type::bedrock), left).off, "");
  EXPECT_EQ(completed(of(Type::bedrock), {}).off,
            "no AWS region: set `region`, AWS_REGION or that of the profile");
}

TEST(Complete, EndpointsOfTheEnvironment) {
  const test::Variables all{{"AWS_REGION", "a"},
                            {"AWS_ENDPOINT_URL", "http://127.0.0.1:1"},
                            {"AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://127.0.0.1:2/"}};
  EXPECT_EQ(completed(of(Type::bedrock), all).base_url, "http://127.0.0.1:2");
  test::Variables left = all;
  left.erase("AWS_ENDPOINT_URL_BEDROCK_RUNTIME");
  EXPECT_EQ(completed(of(Type::bedrock), left).base_url, "http://127.0.0.1:1");
  config::Provider configured = of(Type::bedrock);
  configured.base_url = "http://own";
  EXPECT_EQ(completed(configured, all).base_url, "http://own");
}

TEST(Complete, ABearerTokenIsAKey) {
  const config::Provider provider =
      completed(of(Type::bedrock), {{"AWS_REGION", "a"}, {"AWS_BEARER_TOKEN_BEDROCK", "tok"}});
  ASSERT_EQ(provider.keys.size(), 1U);
  EXPECT_EQ(provider.keys[0].key.reveal(), "tok");
}

TEST(Complete, ProjectOfVertex) {
  const test::Folder folder;
  const std::string file = folder.write("sa.json", test::service_account());
  const test::Variables all{{"GOOGLE_APPLICATION_CREDENTIALS", file},
                            {"GOOGLE_CLOUD_PROJECT", "env"}};
  EXPECT_EQ(completed(of(Type::vertex), all).project, "env");
  EXPECT_EQ(completed(of(Type::vertex), all).credentials_file, file);
  EXPECT_EQ(completed(of(Type::vertex), {{"GOOGLE_APPLICATION_CREDENTIALS", file}}).project,
            "proj");
  EXPECT_EQ(completed(of(Type::vertex), {}).off,
            "no Google Cloud project: set `project` or GOOGLE_CLOUD_PROJECT");
  config::Provider off = of(Type::vertex);
  off.off = "before";
  EXPECT_EQ(completed(off, {}).off, "before");
}

TEST(Complete, OtherTypesStayAsTheyAre) {
  const config::Provider provider =
      completed(of(Type::openai), {{"AWS_REGION", "a"}, {"AWS_ENDPOINT_URL", "http://x"}});
  EXPECT_EQ(provider.region, "");
  EXPECT_EQ(provider.base_url, "");
  EXPECT_EQ(provider.off, "");
}

}  // namespace
}  // namespace butter::credential
