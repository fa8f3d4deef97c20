#include <map>
#include <string>

#include "config/checks.h"
#include "config/table.h"

namespace butter::config {

namespace {

// What protects something must not be left out in silence; the rest only has no effect.
constexpr const char* kRefused = "not available in this version";
constexpr const char* kNoEffect = "not available in this version; it has no effect";

constexpr Range<std::int64_t> kPositive{.min = 1, .max = 1'000'000'000};

void describe_metrics(Section& s, Metrics& metrics) {
  s.value("per_key_metrics", boolean(metrics.per_key_metrics),
          "Count for each upstream key, too; it is named by its last characters.");
}

void describe_requestlog(Section& s, RequestLog& log) {
  s.value("level", choice(log.level, kLogLevels), "Level of the line.");
  s.value("log_bodies", boolean(log.log_bodies),
          "Write the bodies of requests and answers, too, as the client sent and got them.");
  s.value("body_max_bytes", size(log.body_max_bytes, {.max = 1024 * 1024}),
          "The most that is written of each body.");
  s.value(
      "redact_bodies", boolean(log.redact_bodies),
      "Write `[EMAIL]`, `[CARD]`, `[IBAN]` and `[KEY]` in the place of what looks like one. What "
      "the events of a stream divide is not seen. Keys of providers and app keys are never "
      "written.");
}

void describe_tracing(Section& s) {
  std::string endpoint;
  std::string service_name = "butter";
  bool insecure = false;
  s.value("endpoint", text(endpoint), "`host:port` of an OTLP/HTTP collector; empty = off.");
  s.value("service_name", text(service_name), "Name of this service in traces.");
  s.value("insecure", boolean(insecure), "http instead of https.");
  if (!endpoint.empty()) { s.warn("endpoint", kNoEffect); }
}

void describe_cache(Section& s) {
  enum class Backend : std::uint8_t { memory, redis };
  constexpr static Choice<Backend> kBackends[] = {{"memory", Backend::memory},
                                                  {"redis", Backend::redis}};
  bool enabled = false;
  Backend backend = Backend::memory;
  Duration ttl = 5min;
  std::int64_t max_entries = 10'000;
  s.value("enabled", boolean(enabled), "Answer equal requests from memory.");
  s.value("backend", choice(backend, kBackends), "Where answers are kept.");
  s.value("ttl", duration(ttl, {.max = 24h * 365}), "How long an answer is kept.");
  s.value("max_entries", integer(max_entries, kPositive), "The most that memory holds.");
  s.section("redis", "The server of the backend `redis`.", [](Section& redis) {
    Redis server;
    describe_redis(redis, server);
  });
  if (enabled) { s.warn("enabled", kNoEffect); }
}

void describe_persistence(Section& s) {
  bool enabled = false;
  std::string path = "butter-appkeys.db";
  Duration flush_interval = 30s;
  s.value("enabled", boolean(enabled), "Keep app keys in a file.");
  s.value("path", text(path), "The file.");
  s.value("flush_interval", duration(flush_interval, {.min = 1ms, .max = 24h}),
          "How often counters are written.");
}

void describe_app_keys(Section& s) {
  bool enabled = false;
  bool require_key = false;
  std::string header = "X-Butter-App-Key";
  Duration default_ttl{0};
  s.value("enabled", boolean(enabled), "Issue and check keys of our own.");
  s.value("require_key", boolean(require_key), "Refuse requests without a valid one.");
  s.value("header", text(header, check_header_name), "The header that carries it.");
  s.value("default_ttl", duration(default_ttl, {.max = 24h * 36500}),
          "How long a new key is valid; 0 = without end.");
  s.list("keys", "Keys that exist from the start.", {.shorthand = "", .item = [](Section& item) {
                                                       Secret key;
                                                       std::string label;
                                                       item.value("key", secret(key), "The key.");
                                                       item.value("label", text(label),
                                                                  "Its name for people.");
                                                     }});
  s.section("persistence", "Keys survive a restart.", describe_persistence);
  if (enabled) { s.refuse("enabled", kRefused); }
}

}  // namespace

void describe_plugins(Section& s, Config& config) {
  s.section("metrics", "Counters for Prometheus at `GET /metrics`.",
            [&](Section& m) { describe_metrics(m, config.metrics); });
  config.metrics.enabled = s.present("metrics");
  s.section("requestlog", "A line `request trace` in the log for every request.",
            [&](Section& r) { describe_requestlog(r, config.requestlog); });
  config.requestlog.enabled = s.present("requestlog");
  s.section("ratelimit",
            "Limits of requests and tokens a minute. See [rate-limits.md](rate-limits.md).",
            [&](Section& r) { describe_ratelimit(r, config.ratelimit, config.providers); });
  config.ratelimit.enabled = s.present("ratelimit");
  s.section(
      "guard",
      "Refuses requests that try to talk a model out of its instructions, and makes unreadable "
      "what nobody should read.",
      [&](Section& g) { describe_guard(g, config.guard); });
  config.guard.enabled = s.present("guard");
  s.section("tracing", "Spans to an OTLP collector. Not available in this version.",
            describe_tracing);
}

void describe_reserved(Section& root) {
  root.section("cache", "Answers to equal requests. Not available in this version.",
               describe_cache);
  root.section("app_keys", "Keys of our own for callers. Not available in this version.",
               describe_app_keys);
}

}  // namespace butter::config
