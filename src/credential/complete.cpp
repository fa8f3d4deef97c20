#include "credential/complete.h"

#include <initializer_list>
#include <string>
#include <utility>

#include "credential/answer_json.h"
#include "credential/aws_profile.h"
#include "credential/file_text.h"

namespace butter::credential {

namespace {

/// Sets `text` to the first variable that is there, unless it says something already.
void take(std::string& text, const config::Environment& env,
          std::initializer_list<std::string_view> variables) {
  for (const std::string_view name : variables) {
    if (text.empty()) { text = env(name).value_or(""); }
  }
}

void complete_bedrock(config::Provider& provider, const config::Environment& env) {
  take(provider.region, env, {"AWS_REGION", "AWS_DEFAULT_REGION"});
  if (provider.region.empty()) {
    provider.region = read_aws_profile(provider.aws_profile, env).setting("region");
  }
  take(provider.base_url, env, {"AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "AWS_ENDPOINT_URL"});
  while (provider.base_url.ends_with('/')) { provider.base_url.pop_back(); }
  if (provider.keys.empty()) {
    std::string token;
    take(token, env, {"AWS_BEARER_TOKEN_BEDROCK"});
    if (!token.empty()) { provider.keys.emplace_back().key = Secret(std::move(token)); }
  }
  const bool needs_region = provider.base_url.empty() || provider.keys.empty();
  if (provider.off.empty() && provider.region.empty() && needs_region) {
    provider.off = "no AWS region: set `region`, AWS_REGION or that of the profile";
  }
}

void complete_vertex(config::Provider& provider, const config::Environment& env) {
  take(provider.credentials_file, env, {"GOOGLE_APPLICATION_CREDENTIALS"});
  take(provider.project, env, {"GOOGLE_CLOUD_PROJECT"});
  if (provider.project.empty() && !provider.credentials_file.empty()) {
    const auto text = file_text(provider.credentials_file);
    if (text) { provider.project = text_member(*text, "project_id"); }
  }
  if (provider.off.empty() && provider.project.empty()) {
    provider.off = "no Google Cloud project: set `project` or GOOGLE_CLOUD_PROJECT";
  }
}

}  // namespace

void complete(config::Provider& provider, const config::Environment& env) {
  if (provider.type == config::ProviderType::bedrock) { complete_bedrock(provider, env); }
  if (provider.type == config::ProviderType::vertex) { complete_vertex(provider, env); }
}

}  // namespace butter::credential
