#include "gateway/rate_limiter.h"

#include "base/strings.h"

namespace butter::gateway {

namespace {

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

limit::Rate rate_of(const config::RateLimit& settings) {
  return {.per_minute = settings.requests_per_minute,
          .burst = settings.burst > 0 ? settings.burst : settings.requests_per_minute};
}

/// An app key's own limit is its burst, too.
limit::Rate rate_of(const config::RateLimit& settings, std::string_view app_key) {
  std::uint32_t rpm = settings.per_app_key_rpm;
  if (const auto own = settings.app_key_limits.find(app_key);
      own != settings.app_key_limits.end()) {
    rpm = own->second;
  }
  return rpm > 0 ? limit::Rate{.per_minute = rpm, .burst = rpm} : rate_of(settings);
}

}  // namespace

std::optional<RateLimiter::Refusal> RateLimiter::refusal(const config::RateLimit& settings,
                                                         const std::vector<limit::Network>& trusted,
                                                         const net::Address& peer,
                                                         const http::Fields& fields,
                                                         TimePoint now) {
  const std::string_view app_key =
      settings.per_app_key ? fields.value(kAppKeyHeader) : std::string_view{};
  limit::Rate rate = rate_of(settings);
  limit::Verdict verdict;
  if (!app_key.empty()) {
    rate = rate_of(settings, app_key);
    verdict = app_keys_.take(app_key, rate, now);
  } else if (settings.per_ip) {
    limit::Ip client(peer.mapped_ip());
    if (!trusted.empty()) {
      client = limit::client_ip(client, joined(fields, "forwarded"),
                                joined(fields, "x-forwarded-for"), trusted);
    }
    verdict = clients_.take(client.client_key(), rate, now);
  } else {
    verdict = everyone_.take(rate, now);
  }
  if (verdict.allowed) { return std::nullopt; }
  std::string message =
      app_key.empty() ? "rate limit exceeded (" : "rate limit exceeded for app key (";
  message += std::to_string(rate.per_minute) + " requests/minute)";
  return Refusal{std::move(message), rate.per_minute, verdict};
}

}  // namespace butter::gateway
