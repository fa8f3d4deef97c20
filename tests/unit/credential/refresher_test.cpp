#include "credential/refresher.h"

#include <gtest/gtest.h>

#include "credential/aws_sources.h"
#include "unit/credential/metadata_server.h"
#include "unit/log/pipe.h"

namespace butter::credential {
namespace {

TEST(Refresher, RenewsBeforeTheEnd) {
  EXPECT_EQ(renewal_delay(3600, 0), 3300);
  EXPECT_EQ(renewal_delay(1601, 1000), 301);
  EXPECT_EQ(renewal_delay(1600, 1000), 300);
  EXPECT_EQ(renewal_delay(1010, 1000), 5);
  EXPECT_EQ(renewal_delay(1000, 1000), 1);
  EXPECT_EQ(renewal_delay(1, 1000), 1);
}

TEST(Refresher, TriesAgainLessAndLessOften) {
  const std::int64_t expected[] = {1, 2, 4, 8, 16, 32, 60, 60};
  for (unsigned i = 0; i < 8; ++i) { EXPECT_EQ(retry_delay(i + 1), expected[i]) << i; }
  EXPECT_EQ(retry_delay(1'000'000), 60);
}

class RefresherTest : public testing::Test {
 protected:
  void start() {
    refresher_.emplace(loop_, resolver_, logger_, "bedrock",
                       make_aws_container({.url = server_.url(), .token = {}, .token_file = {}}),
                       store_, [this] { return now_; });
    refresher_->start();
  }
  [[nodiscard]] std::string held() {
    const auto got = reader_.get(now_);
    return got ? (*got)->key_id : got.error().detail;
  }
  [[nodiscard]] bool becomes(const std::string& what) {
    return support::run_until(loop_, [&] { return held() == what; });
  }

  log::Pipe pipe_;
  log::Sink sink_{pipe_.writer()};
  net::Loop loop_;
  net::Resolver resolver_;
  log::Logger logger_{sink_, log::Level::info};
  test::MetadataServer server_{loop_};
  std::int64_t now_ = test::kAwsExpires - 10;
  std::shared_ptr<Store> store_ = std::make_shared<Store>("none yet");
  Reader reader_{store_};
  std::optional<Refresher> refresher_;
};

TEST_F(RefresherTest, FillsTheStoreAndSaysSo) {
  start();
  EXPECT_EQ(held(), "none yet");
  ASSERT_TRUE(server_.request(0).starts_with("GET"));
  server_.answer(0, 200, test::kAwsKeys);
  EXPECT_TRUE(becomes("AK"));
  const std::string line = pipe_.read_lines(1);
  EXPECT_TRUE(line.contains(R"("msg":"credential fetched","provider":"bedrock")")) << line;
  EXPECT_FALSE(line.contains("AK")) << line;
}

// One second later, as after every first failure.
TEST_F(RefresherTest, TriesAgainAfterAFailure) {
  start();
  ASSERT_TRUE(server_.request(0).starts_with("GET"));
  server_.answer(0, 503, "");
  EXPECT_TRUE(becomes("the container's credential endpoint answered with status 503"));
  ASSERT_TRUE(server_.request(1).starts_with("GET"));
  server_.answer(1, 200, test::kAwsKeys);
  EXPECT_TRUE(becomes("AK"));
}

TEST_F(RefresherTest, NobodyHoldsTheStore) {
  start();
  ASSERT_TRUE(server_.request(0).starts_with("GET"));
  EXPECT_FALSE(refresher_->over());
  store_.reset();
  reader_ = Reader(std::make_shared<Store>("other"));
  EXPECT_TRUE(refresher_->over());
  server_.answer(0, 200, test::kAwsKeys);
  support::settle(loop_);
  EXPECT_EQ(server_.upstream.accepted(), 1U);
}

}  // namespace
}  // namespace butter::credential
