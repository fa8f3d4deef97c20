#include "credential/keeper.h"

#include <sys/socket.h>

#include <thread>

#include "net/address.h"
#include "unit/credential/metadata_server.h"
#include "unit/credential/setup.h"
#include "unit/log/pipe.h"

namespace butter::credential {
namespace {

class KeeperTest : public testing::Test {
 protected:
  [[nodiscard]] std::string kept(const config::Provider& provider, test::Variables variables) {
    variables.emplace("HOME", "/nowhere");
    store_ = keeper_.keep(provider, test::environment(std::move(variables)));
    Reader reader(store_);
    const auto got = reader.get(0);
    return got ? (*got)->key_id : got.error().detail;
  }
  [[nodiscard]] static config::Provider bedrock() {
    config::Provider provider;
    provider.name = "bedrock";
    provider.type = config::ProviderType::bedrock;
    return provider;
  }

  log::Pipe pipe_;
  log::Sink sink_{pipe_.writer()};
  std::shared_ptr<const Store> store_;
  Keeper keeper_{sink_, log::Level::info};
};

TEST_F(KeeperTest, WhatIsThereAtOnce) {
  EXPECT_EQ(kept(bedrock(), {{"AWS_ACCESS_KEY_ID", "AE"}, {"AWS_SECRET_ACCESS_KEY", "S"}}), "AE");
  EXPECT_EQ(kept(bedrock(), {{"AWS_PROFILE", "absent"}}), "AWS profile \"absent\" does not exist");
}

// A loop of the test's own answers; the keeper's thread says by its log line that it is done.
TEST_F(KeeperTest, FetchesOnAThreadOfItsOwn) {
  net::Loop loop;
  test::MetadataServer server(loop);
  const test::Variables variables{{"AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url()}};
  EXPECT_EQ(kept(bedrock(), variables),
            "no credential yet: the container's credential endpoint is asked");
  const std::shared_ptr<const Store> store = store_;
  EXPECT_EQ(kept(bedrock(), variables),
            "no credential yet: the container's credential endpoint is asked");
  EXPECT_EQ(store_, store) << "the same source has one store";
  ASSERT_TRUE(server.request(0).starts_with("GET"));
  server.answer(0, 200, test::kAwsKeys);
  support::settle(loop);
  EXPECT_TRUE(pipe_.read_lines(1).contains("credential fetched"));
  Reader reader(store);
  EXPECT_EQ((*reader.get(test::kAwsExpires - 1))->key_id, "AK");
  EXPECT_EQ(server.upstream.accepted(), 1U);
}

}  // namespace
}  // namespace butter::credential
