#include "credential/aws_profile.h"

#include "unit/credential/setup.h"

namespace butter::credential {
namespace {

constexpr char kConfig[] =
    "# comment\n"
    "[default]\n"
    "region = eu-west-1\n"
    "[profile work]\r\n"
    "Region=us-east-2\r\n"
    "services = s\n"
    "s3 =\n"
    "  region = nested\n"
    "[work]\n"
    "region = not-a-profile-here\n"
    "[profile  spaced ]\n"
    "region = r\n";
constexpr char kCredentials[] =
    "[default]\naws_access_key_id = AD\naws_secret_access_key = SD\n"
    "[work]\naws_access_key_id=AW\naws_secret_access_key=S=W/\n"
    "; comment\nno equals sign\n";

class AwsProfileTest : public testing::Test {
 protected:
  AwsProfileTest() {
    folder_.write(".aws/config", kConfig);
    folder_.write(".aws/credentials", kCredentials);
  }
  [[nodiscard]] AwsProfile read(const std::string& wanted, test::Variables variables = {}) const {
    variables.emplace("HOME", folder_.path());
    return read_aws_profile(wanted, test::environment(std::move(variables)));
  }

  test::Folder folder_;
};

TEST_F(AwsProfileTest, DefaultOfBothFiles) {
  const AwsProfile profile = read("");
  EXPECT_TRUE(profile.found);
  EXPECT_FALSE(profile.named);
  EXPECT_EQ(profile.setting("region"), "eu-west-1");
  EXPECT_EQ(profile.setting("aws_access_key_id"), "AD");
  EXPECT_EQ(profile.setting("sso_session"), "");
}

TEST_F(AwsProfileTest, Named) {
  for (const AwsProfile& profile : {read("work"), read("", {{"AWS_PROFILE", "work"}}),
                                    read("work", {{"AWS_PROFILE", "default"}})}) {
    EXPECT_TRUE(profile.named);
    EXPECT_EQ(profile.setting("region"), "us-east-2");
    EXPECT_EQ(profile.setting("aws_secret_access_key"), "S=W/");
  }
  EXPECT_EQ(read("spaced").setting("region"), "r");
  EXPECT_FALSE(read("absent").found);
}

TEST_F(AwsProfileTest, FilesElsewhere) {
  const AwsProfile profile =
      read("", {{"AWS_CONFIG_FILE", folder_.write("c", "[default]\nregion=other\n")},
                {"AWS_SHARED_CREDENTIALS_FILE", folder_.path() + "/absent"}});
  EXPECT_EQ(profile.setting("region"), "other");
  EXPECT_EQ(profile.setting("aws_access_key_id"), "");
}

TEST(AwsProfile, NoFiles) {
  const AwsProfile profile = read_aws_profile("", test::environment({{"HOME", "/nowhere"}}));
  EXPECT_FALSE(profile.found);
  EXPECT_TRUE(profile.settings.empty());
}

}  // namespace
}  // namespace butter::credential
