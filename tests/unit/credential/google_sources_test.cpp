#include "credential/google_sources.h"

#include "crypto/base64.h"
#include "crypto/rsa_key.h"
#include "unit/credential/setup.h"

namespace butter::credential {
namespace {

TEST(GoogleServiceAccount, SignsAToken) {
  const auto source = make_google_service_account(test::service_account());
  ASSERT_TRUE(source);
  const auto request = (*source)->begin(1'700'000'000);
  ASSERT_TRUE(request);
  const std::string signed_part =
      crypto::base64url(R"({"alg":"RS256","typ":"JWT","kid":"kid1"})") + "." +
      crypto::base64url(
          R"({"iss":"a@proj.test","scope":"https://www.googleapis.com/auth/cloud-platform",)"
          R"("aud":"http://127.0.0.1:1/token","iat":1700000000,"exp":1700003600})");
  const std::string signature = *crypto::RsaKey::from_pem(butter::test::kRsaKey)->sign(signed_part);
  EXPECT_EQ(request->method, "POST");
  EXPECT_EQ(request->url, "http://127.0.0.1:1/token");
  EXPECT_EQ(request->headers, "Content-Type: application/x-www-form-urlencoded\r\n");
  EXPECT_EQ(request->body,
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" +
                signed_part + "." + crypto::base64url(signature));
  const auto step = (*source)->on_answer(200, R"({"access_token":"ya29","expires_in":3600})", 10);
  ASSERT_TRUE(step);
  EXPECT_EQ(std::get<Credential>(*step).secret.reveal(), "ya29");
  EXPECT_EQ(std::get<Credential>(*step).expires, 3610);
  EXPECT_EQ((*source)->on_answer(400, R"({"error":"invalid_grant"})", 0).error().detail,
            "Google's token endpoint answered with status 400 (invalid_grant)");
}

TEST(GoogleServiceAccount, WhatIsNone) {
  const auto wrong = [](const std::string& json) {
    const auto made = make_google_service_account(json);
    return made ? std::string("made") : made.error().detail;
  };
  EXPECT_EQ(wrong(""), R"(not the key of a service account: its type is "")");
  EXPECT_EQ(wrong(R"({"type":"authorized_user"})"),
            R"(not the key of a service account: its type is "authorized_user")");
  EXPECT_EQ(wrong(R"({"type":"service_account"})"), "client_email is missing");
  EXPECT_EQ(wrong(R"({"type":"service_account","client_email":"a","private_key":"x"})"),
            "private_key: not a PEM private key");
}

TEST(GoogleMetadata, AsksOnce) {
  const auto source = make_google_metadata("127.0.0.1:1");
  const auto request = source->begin(0);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->method, "GET");
  EXPECT_EQ(request->url,
            "http://127.0.0.1:1/computeMetadata/v1/instance/service-accounts/default/token");
  EXPECT_EQ(request->headers, "Metadata-Flavor: Google\r\n");
  const auto step = source->on_answer(200, R"({"access_token":"ya29","expires_in":60})", 0);
  EXPECT_EQ(std::get<Credential>(step.value()).expires, 60);
  EXPECT_EQ(source->on_answer(404, "", 0).error().detail,
            "Google's metadata server answered with status 404");
}

}  // namespace
}  // namespace butter::credential
