#include "credential/choice.h"

#include "unit/credential/setup.h"

namespace butter::credential {
namespace {

using Type = config::ProviderType;

class ChoiceTest : public testing::Test {
 protected:
  ChoiceTest() {
    folder_.write(".aws/credentials",
                  "[work]\naws_access_key_id=AW\naws_secret_access_key=SW\n[empty]\n");
    folder_.write(".aws/config",
                  "[profile role]\nrole_arn=arn:x\nsource_profile=work\n[profile sso]\n"
                  "sso_session=s\n");
  }
  /// What was chosen: the key's id, a source's name with its first request, or why not.
  [[nodiscard]] std::string chosen(test::Variables variables, std::string profile = {},
                                   Type type = Type::bedrock) const {
    variables.emplace("HOME", folder_.path());
    config::Provider provider;
    provider.type = type;
    provider.aws_profile = std::move(profile);
    provider.credentials_file = file_;
    const auto choice = choose(provider, test::environment(std::move(variables)));
    if (!choice) { return choice.error().detail; }
    if (const auto* const keys = std::get_if<Credential>(&*choice)) {
      return keys->key_id + "/" + std::string(keys->session_token.reveal());
    }
    const auto& source = std::get<std::unique_ptr<Source>>(*choice);
    const auto request = source->begin(0);
    return std::string(source->name()) + " " + (request ? request->url : request.error().detail);
  }

  test::Folder folder_;
  std::string file_;
};

const test::Variables kKeys{
    {"AWS_ACCESS_KEY_ID", "AE"}, {"AWS_SECRET_ACCESS_KEY", "SE"}, {"AWS_SESSION_TOKEN", "TE"}};

test::Variables with(test::Variables variables, test::Variables more) {
  variables.merge(more);
  return variables;
}

TEST_F(ChoiceTest, OrderOfAwssSdks) {
  const test::Variables container{{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/x"}};
  EXPECT_EQ(chosen(with(kKeys, {{"AWS_PROFILE", "work"}})), "AE/TE");
  EXPECT_EQ(chosen(kKeys, "work"), "AW/");
  EXPECT_EQ(chosen(with(container, {{"AWS_PROFILE", "work"}})), "AW/");
  EXPECT_EQ(chosen(container), "the container's credential endpoint http://169.254.170.2/v2/x");
  EXPECT_EQ(chosen({}), "the EC2 metadata service http://169.254.169.254/latest/api/token");
  EXPECT_EQ(chosen({{"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ipv6"}}),
            "the EC2 metadata service http://[fd00:ec2::254]/latest/api/token");
  EXPECT_EQ(chosen({{"AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:9"}}),
            "the EC2 metadata service http://127.0.0.1:9/latest/api/token");
}

TEST_F(ChoiceTest, AContainersTokenGoesOnlyWhereItIsSafe) {
  for (const char* const url : {"https://h.test/x", "http://127.0.0.1:1/x", "http://localhost/x",
                                "http://169.254.170.23/v1/credentials"}) {
    EXPECT_EQ(chosen({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", url}}),
              std::string("the container's credential endpoint ") + url);
  }
  EXPECT_EQ(chosen({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://h.test/x"}}),
            "AWS_CONTAINER_CREDENTIALS_FULL_URI is neither https nor of this machine");
}

TEST_F(ChoiceTest, WhatIsNotSupportedIsNamed) {
  EXPECT_EQ(chosen({}, "role"),
            "AWS profile \"role\" has role_arn, which is not supported: give it keys, or run with "
            "a role");
  EXPECT_EQ(chosen({{"AWS_PROFILE", "sso"}}).substr(0, 34), "AWS profile \"sso\" has sso_session,");
  EXPECT_EQ(chosen({}, "empty"), "AWS profile \"empty\" has no keys");
  EXPECT_EQ(chosen({}, "absent"), "AWS profile \"absent\" does not exist");
  EXPECT_EQ(chosen({{"AWS_WEB_IDENTITY_TOKEN_FILE", "/x"}}),
            "AWS_WEB_IDENTITY_TOKEN_FILE is not supported: use EKS Pod Identity, or keys");
  EXPECT_EQ(chosen({{"AWS_EC2_METADATA_DISABLED", "TRUE"}}),
            "no AWS credentials: neither in the environment, nor in a profile, nor of a container, "
            "and AWS_EC2_METADATA_DISABLED is true");
}

TEST_F(ChoiceTest, Google) {
  EXPECT_EQ(chosen({}, "", Type::vertex),
            "Google's metadata server http://metadata.google.internal/computeMetadata/v1/instance/"
            "service-accounts/default/token");
  EXPECT_EQ(chosen({{"GCE_METADATA_HOST", "127.0.0.1:1"}}, "", Type::vertex),
            "Google's metadata server http://127.0.0.1:1/computeMetadata/v1/instance/"
            "service-accounts/default/token");
  const std::string file = folder_.write("sa.json", test::service_account());
  EXPECT_EQ(chosen({{"GOOGLE_APPLICATION_CREDENTIALS", file}}, "", Type::vertex),
            "Google's token endpoint http://127.0.0.1:1/token");
  file_ = folder_.write("user.json", R"({"type":"authorized_user"})");
  EXPECT_EQ(chosen({{"GOOGLE_APPLICATION_CREDENTIALS", file}}, "", Type::vertex),
            "\"" + file_ + "\": not the key of a service account: its type is \"authorized_user\"");
  file_ = "/nowhere/x";
  EXPECT_EQ(chosen({}, "", Type::vertex), R"(reading "/nowhere/x": No such file or directory)");
}

}  // namespace
}  // namespace butter::credential
