#include "credential/aws_sources.h"

#include "unit/credential/setup.h"

namespace butter::credential {
namespace {

constexpr char kKeys[] =
    R"({"AccessKeyId":"AK","SecretAccessKey":"s","Token":"t","Expiration":"2025-01-31T12:00:00Z"})";

std::string text_of(const HttpRequest& request) {
  return request.method + " " + request.url + "\n" + request.headers + request.body;
}
std::string text_of(const Result<HttpRequest>& request) {
  return request ? text_of(*request) : request.error().detail;
}
std::string text_of(const Result<Source::Step>& step) {
  if (!step) { return step.error().detail; }
  const auto* const request = std::get_if<HttpRequest>(&*step);
  return request != nullptr ? text_of(*request) : "keys " + std::get<Credential>(*step).key_id;
}

TEST(AwsContainer, AsksOnce) {
  const auto source = make_aws_container({.url = "http://127.0.0.1:1/v2/x?id=1", .token = "T"});
  for (int renewal = 0; renewal < 2; ++renewal) {
    EXPECT_EQ(text_of(source->begin(0)), "GET http://127.0.0.1:1/v2/x?id=1\nAuthorization: T\r\n");
    EXPECT_EQ(text_of(source->on_answer(200, kKeys, 0)), "keys AK");
  }
  EXPECT_EQ(text_of(source->on_answer(403, "{}", 0)),
            "the container's credential endpoint answered with status 403");
}

TEST(AwsContainer, TheTokenFileIsReadForEachRenewal) {
  const test::Folder folder;
  const std::string file = folder.write("token", "one\n");
  const auto source =
      make_aws_container({.url = "http://127.0.0.1:1/", .token = "T", .token_file = file});
  EXPECT_EQ(text_of(source->begin(0)), "GET http://127.0.0.1:1/\nAuthorization: one\r\n");
  folder.write("token", "two");
  EXPECT_EQ(text_of(source->begin(0)), "GET http://127.0.0.1:1/\nAuthorization: two\r\n");
  folder.write("token", "a b");
  EXPECT_EQ(text_of(source->begin(0)), "the container's token file holds no token");
  const auto lost = make_aws_container({.url = "u", .token = {}, .token_file = "/nowhere/t"});
  EXPECT_EQ(text_of(lost->begin(0)), R"(reading "/nowhere/t": No such file or directory)");
}

TEST(AwsImds, TokenRoleKeys) {
  const auto source = make_aws_imds("http://127.0.0.1:1/");
  for (int renewal = 0; renewal < 2; ++renewal) {
    EXPECT_EQ(text_of(source->begin(0)),
              "PUT http://127.0.0.1:1/latest/api/token\n"
              "X-aws-ec2-metadata-token-ttl-seconds: 21600\r\n");
    EXPECT_EQ(text_of(source->on_answer(200, "TOK==", 0)),
              "GET http://127.0.0.1:1/latest/meta-data/iam/security-credentials/\n"
              "X-aws-ec2-metadata-token: TOK==\r\n");
    EXPECT_EQ(text_of(source->on_answer(200, "my-role\n", 0)),
              "GET http://127.0.0.1:1/latest/meta-data/iam/security-credentials/my-role\n"
              "X-aws-ec2-metadata-token: TOK==\r\n");
    EXPECT_EQ(text_of(source->on_answer(200, kKeys, 0)), "keys AK");
  }
}

TEST(AwsImds, WhatCanGoWrong) {
  const auto source = make_aws_imds("http://h.test");
  const auto begin = [&] { ASSERT_TRUE(source->begin(0)); };
  begin();
  EXPECT_EQ(text_of(source->on_answer(403, "", 0)),
            "the EC2 metadata service answered with status 403");
  begin();
  // A token with a line end would forge header lines.
  EXPECT_EQ(text_of(source->on_answer(200, "a\r\nX: y", 0)),
            "the EC2 metadata service answered with status 200");
  begin();
  ASSERT_TRUE(source->on_answer(200, "TOK", 0));
  EXPECT_EQ(text_of(source->on_answer(404, "", 0)), "the EC2 instance has no role");
  begin();
  ASSERT_TRUE(source->on_answer(200, "TOK", 0));
  ASSERT_TRUE(source->on_answer(200, "role", 0));
  EXPECT_EQ(text_of(source->on_answer(200, R"({"Code":"Failed"})", 0)),
            "the EC2 metadata service gave no credential (Failed)");
}

}  // namespace
}  // namespace butter::credential
