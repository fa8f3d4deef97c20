#include "provider/aws_signature.h"

#include <gtest/gtest.h>

#include <array>

#include "crypto/digest.h"
#include "crypto/hex.h"

namespace butter::provider {
namespace {

// The keys and the time of AWS's Signature Version 4 test suite.
const Credential kKeys{.key_id = "AKIDEXAMPLE",
                       .secret = Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
                       .session_token = {},
                       .expires = 0};
constexpr std::string_view kTime = "20150830T123600Z";
constexpr std::array<AwsRequest::Header, 2> kHeaders{
    {{"host", "example.amazonaws.com"}, {"x-amz-date", kTime}}};

std::string signature(const AwsRequest& request) {
  const std::string value = aws_authorization(request, kKeys);
  return value.substr(value.find("Signature=") + 10);
}

AwsRequest request(std::string_view method, std::string_view target, std::string_view hash) {
  return {.method = method,
          .target = target,
          .headers = kHeaders,
          .payload_hash = hash,
          .region = "us-east-1",
          .service = "service",
          .time = kTime};
}

// Names and signatures of the suite.
TEST(AwsSignature, TestSuite) {
  const std::string empty = crypto::hex(crypto::sha256("").view());
  EXPECT_EQ(aws_authorization(request("GET", "/", empty), kKeys),
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
            "SignedHeaders=host;x-amz-date, "
            "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
  const std::array<std::array<std::string_view, 4>, 4> rows{{
      {"get-vanilla", "GET", "/",
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
      {"get-vanilla, no path", "GET", "",
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
      {"get-vanilla-query-order-key-case", "GET", "/?Param2=value2&Param1=value1",
       "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
      {"post-vanilla", "POST", "/",
       "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
  }};
  for (const auto& [name, method, target, expected] : rows) {
    EXPECT_EQ(signature(request(method, target, empty)), expected) << name;
  }
}

// As botocore signs it: the path of a Bedrock model is encoded twice.
TEST(AwsSignature, BedrockWithSessionToken) {
  const std::string hash = crypto::hex(crypto::sha256(R"({"max_tokens":1})").view());
  const std::array<AwsRequest::Header, 4> headers{
      {{"host", "bedrock-runtime.us-east-1.amazonaws.com"},
       {"x-amz-content-sha256", hash},
       {"x-amz-date", kTime},
       {"x-amz-security-token", "TOKEN"}}};
  AwsRequest invoke =
      request("POST", "/model/anthropic.claude-3-5-sonnet-20241022-v2%3A0/invoke", hash);
  invoke.headers = headers;
  invoke.service = "bedrock";
  EXPECT_EQ(signature(invoke), "415c9b72de21fae6830ec08a66f7f724d19e3da2ad071297690e46ebc49bf517");
}

TEST(AwsSignature, Time) {
  EXPECT_EQ(aws_time(0), "19700101T000000Z");
  EXPECT_EQ(aws_time(1440938160), kTime);
  EXPECT_EQ(aws_time(1709251199), "20240229T235959Z");
}

}  // namespace
}  // namespace butter::provider
