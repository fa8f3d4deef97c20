#include "credential/fetch.h"

#include <gtest/gtest.h>

#include "credential/aws_sources.h"
#include "unit/credential/metadata_server.h"

namespace butter::credential {
namespace {

class FetchTest : public testing::Test {
 protected:
  void start(std::unique_ptr<Source> source) {
    source_ = std::move(source);
    fetch_.emplace(loop_, resolver_, *source_, [] { return std::int64_t{0}; });
    restart();
  }
  void restart() {
    outcome_.clear();
    fetch_->start([this](const Result<Credential>& result) {
      outcome_ = result ? "keys " + result->key_id : result.error().detail;
    });
    EXPECT_EQ(outcome_, "") << "never from inside";
  }
  [[nodiscard]] std::string outcome() {
    EXPECT_TRUE(support::run_until(loop_, [this] { return !outcome_.empty(); }));
    return outcome_;
  }

  net::Loop loop_;
  net::Resolver resolver_;
  test::MetadataServer server_{loop_};
  std::unique_ptr<Source> source_;
  std::optional<Fetch> fetch_;
  std::string outcome_;
};

TEST_F(FetchTest, AllStepsOfASource) {
  start(make_aws_imds(server_.url()));
  const std::string host = "Host: " + server_.url().substr(7) + "\r\n";
  EXPECT_EQ(server_.request(0), "PUT /latest/api/token HTTP/1.1\r\n" + host +
                                    "X-aws-ec2-metadata-token-ttl-seconds: 21600\r\n"
                                    "Content-Length: 0\r\n\r\n");
  server_.answer(0, 200, "TOK");
  EXPECT_EQ(server_.request(1), "GET /latest/meta-data/iam/security-credentials/ HTTP/1.1\r\n" +
                                    host + "X-aws-ec2-metadata-token: TOK\r\n\r\n");
  server_.answer(1, 200, "role");
  EXPECT_EQ(server_.request(2), "GET /latest/meta-data/iam/security-credentials/role HTTP/1.1\r\n" +
                                    host + "X-aws-ec2-metadata-token: TOK\r\n\r\n");
  server_.answer(2, 200, test::kAwsKeys);
  EXPECT_EQ(outcome(), "keys AK");
}

TEST_F(FetchTest, AgainForTheNextRenewal) {
  start(make_aws_container({.url = server_.url() + "/x?y=1", .token = "T", .token_file = {}}));
  EXPECT_TRUE(server_.request(0).starts_with("GET /x?y=1 HTTP/1.1\r\n"));
  server_.answer(0, 500, "");
  EXPECT_EQ(outcome(), "the container's credential endpoint answered with status 500");
  restart();
  EXPECT_TRUE(server_.request(1).contains("\r\nAuthorization: T\r\n"));
  server_.answer(1, 200, test::kAwsKeys);
  EXPECT_EQ(outcome(), "keys AK");
}

TEST_F(FetchTest, NobodyThere) {
  server_.upstream.stop();
  start(make_aws_container({.url = server_.url(), .token = "secret", .token_file = {}}));
  EXPECT_TRUE(outcome().starts_with("the container's credential endpoint: ")) << outcome();
  EXPECT_FALSE(outcome().contains("secret"));
}

TEST_F(FetchTest, ACutAnswerAndABadAddress) {
  start(make_aws_container({.url = server_.url(), .token = {}, .token_file = {}}));
  EXPECT_TRUE(server_.request(0).starts_with("GET / HTTP/1.1"));
  server_.upstream.peer(0).send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{");
  server_.upstream.peer(0).close();
  EXPECT_TRUE(outcome().starts_with("the container's credential endpoint: ")) << outcome();
  start(make_aws_container({.url = "ftp://x", .token = {}, .token_file = {}}));
  EXPECT_EQ(outcome(), "the container's credential endpoint: the address to ask is no http URL");
  start(make_aws_container({.url = "http://h", .token = {}, .token_file = "/nowhere/t"}));
  EXPECT_EQ(outcome(),
            "the container's credential endpoint: reading \"/nowhere/t\": No such file "
            "or directory");
}

TEST_F(FetchTest, DestroyedOnItsWay) {
  start(make_aws_container({.url = server_.url(), .token = {}, .token_file = {}}));
  EXPECT_TRUE(server_.request(0).starts_with("GET"));
  fetch_.reset();
  EXPECT_TRUE(support::run_until(loop_, [this] { return server_.upstream.peer(0).ended(); }));
  EXPECT_EQ(outcome_, "");
}

}  // namespace
}  // namespace butter::credential
