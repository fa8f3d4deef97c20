#include "credential/google_sources.h"

#include <utility>

#include "base/strings.h"
#include "credential/answer_json.h"
#include "crypto/base64.h"
#include "crypto/rsa_key.h"
#include "json/text.h"

namespace butter::credential {

namespace {

Result<Source::Step> step_of(Result<Credential> token) {
  if (!token) { return std::unexpected(std::move(token).error()); }
  return Source::Step(*std::move(token));
}

class ServiceAccount final : public Source {
 public:
  ServiceAccount(crypto::RsaKey key, std::string key_id, std::string email, std::string token_uri)
      : key_(std::move(key)),
        key_id_(std::move(key_id)),
        email_(std::move(email)),
        token_uri_(std::move(token_uri)) {}

  [[nodiscard]] std::string_view name() const noexcept override {
    return "Google's token endpoint";
  }
  Result<HttpRequest> begin(std::int64_t now) override {
    std::string signed_part = crypto::base64url(header()) + '.' + crypto::base64url(claims(now));
    const auto signature = key_.sign(signed_part);
    if (!signature) { return std::unexpected(signature.error()); }
    // Base64url needs no escapes in a form.
    return HttpRequest{
        .method = "POST",
        .url = token_uri_,
        .headers = "Content-Type: application/x-www-form-urlencoded\r\n",
        .body = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" +
                signed_part + '.' + crypto::base64url(*signature)};
  }
  Result<Step> on_answer(int status, std::string_view body, std::int64_t now) override {
    return step_of(read_google_token(status, body, name(), now));
  }

 private:
  [[nodiscard]] std::string header() const {
    std::string out = R"({"alg":"RS256","typ":"JWT","kid":)";
    json::append_string(out, key_id_);
    return out += '}';
  }
  [[nodiscard]] std::string claims(std::int64_t now) const {
    constexpr std::int64_t kLife = 3600;
    std::string out = R"({"iss":)";
    json::append_string(out, email_);
    out += R"(,"scope":"https://www.googleapis.com/auth/cloud-platform","aud":)";
    json::append_string(out, token_uri_);
    out += ",\"iat\":" + std::to_string(now) + ",\"exp\":" + std::to_string(now + kLife);
    return out += '}';
  }

  crypto::RsaKey key_;
  std::string key_id_, email_, token_uri_;
};

class Metadata final : public Source {
 public:
  explicit Metadata(const std::string& host)
      : url_("http://" + host + "/computeMetadata/v1/instance/service-accounts/default/token") {}

  [[nodiscard]] std::string_view name() const noexcept override {
    return "Google's metadata server";
  }
  Result<HttpRequest> begin(std::int64_t) override {
    return HttpRequest{.method = "GET", .url = url_, .headers = "Metadata-Flavor: Google\r\n"};
  }
  Result<Step> on_answer(int status, std::string_view body, std::int64_t now) override {
    return step_of(read_google_token(status, body, name(), now));
  }

 private:
  std::string url_;
};

}  // namespace

Result<std::unique_ptr<Source>> make_google_service_account(const std::string& json) {
  const std::string type = text_member(json, "type");
  if (type != "service_account") {
    return fail(Errc::bad_config, "not the key of a service account: its type is " + quoted(type));
  }
  std::string email = text_member(json, "client_email");
  std::string token_uri = text_member(json, "token_uri");
  if (email.empty()) { return fail(Errc::bad_config, "client_email is missing"); }
  if (token_uri.empty()) { token_uri = "https://oauth2.googleapis.com/token"; }
  auto key = crypto::RsaKey::from_pem(text_member(json, "private_key"));
  if (!key) { return fail(Errc::bad_config, "private_key: " + key.error().detail); }
  return std::make_unique<ServiceAccount>(*std::move(key), text_member(json, "private_key_id"),
                                          std::move(email), std::move(token_uri));
}

std::unique_ptr<Source> make_google_metadata(const std::string& host) {
  return std::make_unique<Metadata>(host);
}

}  // namespace butter::credential
