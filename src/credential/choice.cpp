#include "credential/choice.h"

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "base/strings.h"
#include "credential/aws_profile.h"
#include "credential/aws_sources.h"
#include "credential/file_text.h"
#include "credential/google_sources.h"

namespace butter::credential {

namespace {

std::string variable(const config::Environment& env, std::string_view name) {
  return env(name).value_or("");
}

std::optional<Credential> environment_keys(const config::Environment& env) {
  Credential keys{.key_id = variable(env, "AWS_ACCESS_KEY_ID"),
                  .secret = Secret(variable(env, "AWS_SECRET_ACCESS_KEY")),
                  .session_token = Secret(variable(env, "AWS_SESSION_TOKEN"))};
  if (keys.key_id.empty() || keys.secret.empty()) { return std::nullopt; }
  return keys;
}

/// \return nullopt when the profile says nothing about credentials
Result<std::optional<Credential>> profile_keys(const AwsProfile& profile) {
  if (profile.named && !profile.found) {
    return fail(Errc::unavailable, "AWS profile " + quoted(profile.name) + " does not exist");
  }
  if (!profile.setting("aws_access_key_id").empty() &&
      !profile.setting("aws_secret_access_key").empty()) {
    return Credential{.key_id = std::string(profile.setting("aws_access_key_id")),
                      .secret = Secret(std::string(profile.setting("aws_secret_access_key"))),
                      .session_token = Secret(std::string(profile.setting("aws_session_token")))};
  }
  for (const char* const key : {"role_arn", "sso_session", "sso_start_url", "credential_process",
                                "web_identity_token_file"}) {
    if (profile.setting(key).empty()) { continue; }
    return fail(Errc::unavailable,
                "AWS profile " + quoted(profile.name) + " has " + key +
                    ", which is not supported: give it keys, or run with a role");
  }
  if (profile.named) {
    return fail(Errc::unavailable, "AWS profile " + quoted(profile.name) + " has no keys");
  }
  return std::nullopt;
}

/// Where a credential may be asked for without TLS.
bool is_safe(std::string_view url) {
  constexpr std::array<std::string_view, 7> kSafe{"https://",
                                                  "http://127.",
                                                  "http://localhost",
                                                  "http://[::1]",
                                                  "http://169.254.170.2/",
                                                  "http://169.254.170.23/",
                                                  "http://[fd00:ec2::23]"};
  for (const std::string_view prefix : kSafe) {
    if (url.starts_with(prefix)) { return true; }
  }
  return false;
}

Result<Choice> container_or_instance(const config::Environment& env) {
  ContainerEndpoint endpoint{.url = variable(env, "AWS_CONTAINER_CREDENTIALS_FULL_URI"),
                             .token = variable(env, "AWS_CONTAINER_AUTHORIZATION_TOKEN"),
                             .token_file = variable(env, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")};
  const std::string relative = variable(env, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  if (!relative.empty()) { endpoint.url = "http://169.254.170.2" + relative; }
  if (!endpoint.url.empty()) {
    if (!is_safe(endpoint.url)) {
      return fail(Errc::unavailable,
                  "AWS_CONTAINER_CREDENTIALS_FULL_URI is neither https nor of this machine");
    }
    return make_aws_container(std::move(endpoint));
  }
  if (iequals(variable(env, "AWS_EC2_METADATA_DISABLED"), "true")) {
    return fail(Errc::unavailable,
                "no AWS credentials: neither in the environment, nor in a profile, nor of a "
                "container, and AWS_EC2_METADATA_DISABLED is true");
  }
  std::string instance = variable(env, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
  if (instance.empty()) {
    const bool v6 = iequals(variable(env, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"), "IPv6");
    instance = v6 ? "http://[fd00:ec2::254]" : "http://169.254.169.254";
  }
  return make_aws_imds(std::move(instance));
}

Result<Choice> choose_aws(const config::Provider& provider, const config::Environment& env) {
  if (provider.aws_profile.empty()) {
    if (auto keys = environment_keys(env)) { return *std::move(keys); }
    if (!variable(env, "AWS_WEB_IDENTITY_TOKEN_FILE").empty()) {
      return fail(Errc::unavailable,
                  "AWS_WEB_IDENTITY_TOKEN_FILE is not supported: use EKS Pod Identity, or keys");
    }
  }
  auto keys = profile_keys(read_aws_profile(provider.aws_profile, env));
  if (!keys) { return std::unexpected(std::move(keys).error()); }
  if (*keys) { return **std::move(keys); }
  return container_or_instance(env);
}

Result<Choice> choose_google(const config::Provider& provider, const config::Environment& env) {
  const std::string file = !provider.credentials_file.empty()
                               ? provider.credentials_file
                               : variable(env, "GOOGLE_APPLICATION_CREDENTIALS");
  if (file.empty()) {
    const std::string host = variable(env, "GCE_METADATA_HOST");
    return make_google_metadata(host.empty() ? "metadata.google.internal" : host);
  }
  const auto text = file_text(file);
  if (!text) { return std::unexpected(text.error()); }
  auto account = make_google_service_account(*text);
  if (!account) { return fail(account.error().code, quoted(file) + ": " + account.error().detail); }
  return *std::move(account);
}

}  // namespace

Result<Choice> choose(const config::Provider& provider, const config::Environment& env) {
  return provider.type == config::ProviderType::vertex ? choose_google(provider, env)
                                                       : choose_aws(provider, env);
}

}  // namespace butter::credential
