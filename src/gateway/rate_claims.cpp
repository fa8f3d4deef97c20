#include "gateway/rate_claims.h"

#include <algorithm>
#include <charconv>

#include "base/strings.h"
#include "gateway/app_key.h"
#include "json/cursor.h"

namespace butter::gateway {

namespace {

/// Between the names of a provider and of a model in the key of a bucket: it stands in neither.
constexpr char kBetween = '\n';

/// The field's values in order, joined with commas.
std::string joined(const http::Fields& fields, std::string_view name) {
  std::string all;
  for (const http::Field& field : fields.all()) {
    if (!iequals(field.name, name)) { continue; }
    if (!all.empty()) { all += ','; }
    all += field.value;
  }
  return all;
}

using LimitsByKey = std::map<std::string, std::uint32_t, std::less<>>;

/// The limit of one app key, of each, or of nobody in particular.
std::uint32_t own_limit(const LimitsByKey& own, std::string_view key, std::uint32_t each,
                        std::uint32_t otherwise) {
  const auto found = own.find(key);
  return found != own.end() ? found->second : each > 0 ? each : otherwise;
}

CallerLimits limits_of_key(const config::RateLimit& settings, std::string_view key) {
  CallerLimits limits{.scope = limit::Scope::app_key, .key = std::string(key)};
  limits.requests_per_minute = own_limit(settings.app_key_limits, key, settings.per_app_key_rpm,
                                         settings.requests_per_minute);
  limits.tokens_per_minute = own_limit(settings.app_key_token_limits, key, settings.per_app_key_tpm,
                                       settings.tokens_per_minute);
  // An app key's own limit is its burst, too.
  const bool own = settings.per_app_key_rpm > 0 || settings.app_key_limits.contains(key);
  limits.burst = own ? 0 : settings.burst;
  return limits;
}

limit::Claim claim(limit::Scope scope, limit::Unit unit, std::string key, std::uint32_t per_minute,
                   std::uint64_t units) {
  return {.scope = scope,
          .unit = unit,
          .key = std::move(key),
          .rate = {.per_minute = per_minute, .burst = per_minute},
          .units = units};
}

void append_claims(limit::Scope scope, const std::string& key, const config::ModelLimit& limits,
                   const ClientRequest& request, std::vector<limit::Claim>& claims) {
  if (limits.requests_per_minute > 0) {
    claims.push_back(claim(scope, limit::Unit::requests, key, limits.requests_per_minute, 1));
  }
  if (limits.tokens_per_minute > 0) {
    claims.push_back(
        claim(scope, limit::Unit::tokens, key, limits.tokens_per_minute, estimate_tokens(request)));
  }
}

bool is_counted_in_tokens(provider::Operation operation) {
  switch (operation) {
    case provider::Operation::chat:
    case provider::Operation::completions:
    case provider::Operation::responses:
    case provider::Operation::messages:
    case provider::Operation::embeddings: return true;
    case provider::Operation::count_tokens:
    case provider::Operation::other: return false;
  }
  __builtin_unreachable();
}

/// The whole number that a value is; 0 for anything else.
std::uint64_t number(std::string_view value) {
  std::uint64_t out = 0;
  const char* const last = value.data() + value.size();
  const auto [end, error] = std::from_chars(value.data(), last, out);
  return error == std::errc{} && end == last ? out : 0;
}

std::uint64_t most_output(std::string_view body) {
  constexpr std::uint64_t kSane = 100'000'000;
  std::uint64_t most = 0;
  json::Cursor at(body);
  at.object([&](json::Key key) {
    const bool names_it =
        key == "max_tokens" || key == "max_completion_tokens" || key == "max_output_tokens";
    const std::string_view value = at.value();
    if (names_it) { most = std::max(most, std::min(number(value), kSane)); }
  });
  return most;
}

}  // namespace

CallerLimits limits_of_caller(const config::RateLimit& settings,
                              const std::vector<limit::Network>& trusted, const net::Address& peer,
                              const http::Fields& fields) {
  if (settings.per_app_key) {
    const std::string_view key = fields.value(kAppKeyHeader);
    if (!key.empty()) { return limits_of_key(settings, key); }
  }
  CallerLimits limits{.requests_per_minute = settings.requests_per_minute,
                      .burst = settings.burst,
                      .tokens_per_minute = settings.tokens_per_minute};
  if (!settings.per_ip) { return limits; }
  limit::Ip client(peer.mapped_ip());
  if (!trusted.empty()) {
    client = limit::client_ip(client, joined(fields, "forwarded"),
                              joined(fields, "x-forwarded-for"), trusted);
  }
  limits.scope = limit::Scope::client;
  limits.key = client.client_key();
  return limits;
}

limit::Claim claim_of(const CallerLimits& limits, limit::Unit unit, std::uint64_t units) {
  const bool requests = unit == limit::Unit::requests;
  limit::Claim out = claim(limits.scope, unit, limits.key,
                           requests ? limits.requests_per_minute : limits.tokens_per_minute, units);
  if (requests && limits.burst > 0) { out.rate.burst = limits.burst; }
  return out;
}

void append_claims(const config::RateLimit& settings, std::string_view provider,
                   std::string_view model, const ClientRequest& request,
                   std::vector<limit::Claim>& claims) {
  const auto found = settings.providers.find(provider);
  if (found == settings.providers.end()) { return; }
  std::string key(provider);
  append_claims(limit::Scope::provider, key, found->second.all, request, claims);
  const auto of_model = found->second.models.find(model);
  if (of_model == found->second.models.end()) { return; }
  key.append(1, kBetween).append(model);
  append_claims(limit::Scope::model, key, of_model->second, request, claims);
}

std::uint64_t estimate_tokens(const ClientRequest& request) {
  constexpr std::uint64_t kBytesOfToken = 4;
  if (!is_counted_in_tokens(request.operation) || request.body_streams) { return 0; }
  const std::string_view body = request.body.view();
  return body.size() / kBytesOfToken + most_output(body);
}

std::string message_of(const limit::Claim& refused) {
  const std::string limit = " (" + std::to_string(refused.rate.per_minute) + ' ' +
                            std::string(to_string(refused.unit)) + "/minute)";
  switch (refused.scope) {
    case limit::Scope::everyone:
    case limit::Scope::client: return "rate limit exceeded" + limit;
    case limit::Scope::app_key: return "rate limit exceeded for app key" + limit;
    case limit::Scope::provider:
      return "provider " + quoted(refused.key) + " is at its rate limit" + limit;
    case limit::Scope::model: break;
  }
  const std::size_t between = refused.key.find(kBetween);
  return "model " + quoted(refused.key.substr(between + 1)) + " of provider " +
         quoted(refused.key.substr(0, between)) + " is at its rate limit" + limit;
}

}  // namespace butter::gateway
