#include <algorithm>
#include <string>
#include <vector>

#include "base/strings.h"
#include "config/checks.h"
#include "config/diagnostics.h"
#include "config/table.h"

namespace butter::config {

namespace {

constexpr Range<std::int64_t> kPerMinute{.min = 1, .max = 1'000'000'000};

/// A limit of a minute, without one by default.
Field optional_limit(std::uint32_t& value) {
  Field field = integer(value, kPerMinute);
  field.fallback.clear();
  return field;
}

Dictionary limits_by_key(std::map<std::string, std::uint32_t, std::less<>>& limits) {
  return {.label = "app key", .add = [&limits](std::string_view name) {
            return integer(limits[std::string(name)] = 60, kPerMinute);
          }};
}

void describe_limit(Section& s, ModelLimit& limit) {
  s.value("requests_per_minute", optional_limit(limit.requests_per_minute),
          "Requests a minute; every attempt is one.");
  s.value("tokens_per_minute", optional_limit(limit.tokens_per_minute), "Tokens a minute.");
}

void describe_provider_limit(Section& s, ProviderLimit& limit) {
  describe_limit(s, limit.all);
  s.map(
      "models", "Limits of single models.",
      {.label = "model", .check_name = check_model, .item = [&](Section& m, std::string_view name) {
         describe_limit(m, limit.models[std::string(name)]);
       }});
}

void describe_callers(Section& s, RateLimit& limit) {
  s.value("requests_per_minute", integer(limit.requests_per_minute, kPerMinute),
          "Requests a minute. One over it is answered with 429, and told when to come again. "
          "Without the key there is no such limit where `tokens_per_minute` or `providers` is "
          "given.");
  s.value("tokens_per_minute", optional_limit(limit.tokens_per_minute),
          "Tokens a minute, of prompts and answers. They are estimated when a request has been "
          "read, and settled by what the provider reports.");
  Field burst = integer(limit.burst, {.min = 1, .max = 10'000'000});
  burst.fallback.clear();
  s.value("burst", burst, "The most requests at once; by default the requests of a minute.");
  s.value("per_ip", boolean(limit.per_ip),
          "Limits for each client address instead of those for all; an IPv6 client has a /64.");
  s.value("per_app_key", boolean(limit.per_app_key),
          "Limits for each app key that the header names; without one the others hold. In this "
          "version keys are not checked, so that a client may name any.");
}

void describe_app_keys(Section& s, RateLimit& limit) {
  s.value("per_app_key_rpm", optional_limit(limit.per_app_key_rpm),
          "Requests a minute of an app key; by default `requests_per_minute`.");
  s.value("per_app_key_tpm", optional_limit(limit.per_app_key_tpm),
          "Tokens a minute of an app key; by default `tokens_per_minute`.");
  s.dictionary("app_key_limits", limits_by_key(limit.app_key_limits),
               "Requests a minute of single app keys.");
  s.dictionary("app_key_token_limits", limits_by_key(limit.app_key_token_limits),
               "Tokens a minute of single app keys.");
}

}  // namespace

void describe_redis(Section& s, Redis& redis) {
  s.value("address", text(redis.address, check_server_address), "`host:port`.");
  s.value("username", text(redis.username, check_header_value),
          "User; empty = the server's default user.");
  s.value("password", secret(redis.password), "Password; empty = none.");
  s.value("db", integer(redis.db, {.max = 65535}), "Number of the database.");
  s.section("tls", "TLS to the server; on when the key is there, even without a value.",
            [&](Section& t) { describe_tls(t, redis.tls); });
  redis.use_tls = s.present("tls");
  s.value("key_prefix", text(redis.key_prefix), "What every key begins with.");
  s.value("timeout", duration(redis.timeout, {.min = 1ms, .max = 1min}),
          "How long an answer of the server is waited for. Then it counts as away until it "
          "answers.");
}

void describe_ratelimit(Section& s, RateLimit& limit, std::span<const Provider> providers) {
  describe_callers(s, limit);
  describe_app_keys(s, limit);
  s.values("trusted_proxies",
           values_of(limit.trusted_proxies, [](std::string& v) { return text(v, check_network); }),
           "Addresses and networks (`10.0.0.0/8`) whose `Forwarded` or `X-Forwarded-For` is "
           "believed: the client is the right-most address that is none of them.");
  std::vector<std::string> names;
  for (const Provider& each : providers) { names.push_back(each.name); }
  s.map("providers",
        "Limits of what goes to a provider. One that is at its limit is passed over; when none is "
        "left, the answer is 429.",
        {.label = "name",
         .check_name = check_provider_name,
         .item = [&](Section& p, std::string_view name) {
           describe_provider_limit(p, limit.providers[std::string(name)]);
         }});
  for (const auto& [name, limits] : limit.providers) {
    if (std::ranges::find(names, name) == names.end()) {
      s.refuse("providers",
               "no provider " + quoted(name) + " is defined" + did_you_mean(name, names));
    }
  }
  s.section("redis",
            "A Redis server (5.0 or newer) that keeps the buckets, so that the limits hold across "
            "all processes that share it. On when the key is there. While it is away, each process "
            "has its own.",
            [&](Section& r) { describe_redis(r, limit.redis); });
  limit.redis.enabled = s.present("redis");
  const bool others = s.given("tokens_per_minute") || s.given("providers");
  if (others && !s.given("requests_per_minute")) { limit.requests_per_minute = 0; }
}

}  // namespace butter::config
