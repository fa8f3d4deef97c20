#include "credential/answer_json.h"

#include <gtest/gtest.h>

namespace butter::credential {
namespace {

constexpr char kKeys[] =
    R"({"Code":"Success","AccessKeyId":"AK","SecretAccessKey":"s\/k","Token":"t",)"
    R"("Expiration":"2025-01-31T12:00:00Z"})";

TEST(AnswerJson, AwsKeys) {
  const auto keys = read_aws_keys(200, kKeys, "it");
  ASSERT_TRUE(keys);
  EXPECT_EQ(keys->key_id, "AK");
  EXPECT_EQ(keys->secret.reveal(), "s/k");
  EXPECT_EQ(keys->session_token.reveal(), "t");
  EXPECT_EQ(keys->expires, 1738324800);
}

TEST(AnswerJson, GoogleToken) {
  const auto token =
      read_google_token(200, R"({"access_token":"ya29","expires_in":3599})", "it", 1000);
  ASSERT_TRUE(token);
  EXPECT_EQ(token->secret.reveal(), "ya29");
  EXPECT_EQ(token->expires, 4599);
}

// Only the word of an error is repeated, never a text that may hold anything.
TEST(AnswerJson, WhatIsNoCredential) {
  EXPECT_EQ(read_aws_keys(404, kKeys, "it").error().detail,
            "it answered with status 404 (Success)");
  EXPECT_EQ(read_aws_keys(200, "{}", "it").error().detail, "it gave no credential");
  EXPECT_EQ(read_aws_keys(200, R"({"Code":"AssumeRoleUnauthorizedAccess"})", "it").error().detail,
            "it gave no credential (AssumeRoleUnauthorizedAccess)");
  EXPECT_EQ(
      read_google_token(400, R"({"error":"invalid_grant","error_description":"secret"})", "it", 0)
          .error()
          .detail,
      "it answered with status 400 (invalid_grant)");
  EXPECT_EQ(read_google_token(200, R"({"access_token":"x","expires_in":0})", "it", 0).error().code,
            Errc::unavailable);
  EXPECT_EQ(read_google_token(500, R"({"error":"a secret"})", "it", 0).error().detail,
            "it answered with status 500");
  EXPECT_EQ(read_google_token(502, "<html>", "it", 0).error().detail,
            "it answered with status 502");
}

TEST(AnswerJson, Time) {
  EXPECT_EQ(unix_time("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(unix_time("2024-02-29T23:59:59Z"), 1709251199);
  for (const std::string_view text :
       {"", "2024-02-29", "2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z", "2024-01-01T24:00:00Z",
        "2024-01-01T00:60:00Z", "2024-01-01T00:00:00+", "2024-01-01 00:00:00Z",
        "2024-01-01T00:00:0xZ"}) {
    EXPECT_EQ(unix_time(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace butter::credential
