#include "unit/config/support.h"

namespace butter::config {
namespace {

using test::good;
using test::mistakes;
using testing::ElementsAre;

TEST(PluginTable, OffWithoutTheirKeys) {
  const Config config = good("plugins: {}");
  EXPECT_FALSE(config.metrics.enabled);
  EXPECT_FALSE(config.requestlog.enabled);
}

TEST(PluginTable, NullTurnsThemOn) {
  const Config config = good("plugins:\n  metrics:\n  requestlog:\n");
  EXPECT_TRUE(config.metrics.enabled);
  EXPECT_FALSE(config.metrics.per_key_metrics);
  EXPECT_TRUE(config.requestlog.enabled);
  EXPECT_EQ(config.requestlog.level, log::Level::info);
  EXPECT_EQ(config.requestlog.body_max_bytes, 4096u);
  EXPECT_TRUE(config.requestlog.redact_bodies);
}

TEST(PluginTable, Settings) {
  const Config config = good(R"(
plugins:
  metrics: {per_key_metrics: true}
  requestlog: {level: warning, log_bodies: true, body_max_bytes: 1KiB, redact_bodies: false}
)");
  EXPECT_TRUE(config.metrics.per_key_metrics);
  EXPECT_EQ(config.requestlog.level, log::Level::warn);
  EXPECT_TRUE(config.requestlog.log_bodies);
  EXPECT_EQ(config.requestlog.body_max_bytes, 1024u);
  EXPECT_FALSE(config.requestlog.redact_bodies);
}

TEST(ReservedTable, EveryKeyIsKnown) {
  const Config config = good(R"(
plugins:
  tracing: {endpoint: "", service_name: butter, insecure: true}
cache:
  enabled: false
  backend: redis
  ttl: 5m
  max_entries: 10
  redis: {address: "localhost:6379", password: p, db: 1, key_prefix: "b:", timeout: 1s}
app_keys:
  enabled: false
  require_key: true
  header: X-Key
  default_ttl: 24h
  keys: [{key: btr_1, label: one}]
  persistence: {enabled: true, path: keys.db, flush_interval: 30s}
wasm_plugins: []
)");
  EXPECT_TRUE(config.warnings.empty());
}

TEST(ReservedTable, WhatOnlyHelpsIsAWarning) {
  const Config config = good("cache: {enabled: true}\nplugins: {tracing: {endpoint: \"a:4318\"}}");
  EXPECT_THAT(
      config.warnings,
      ElementsAre("c.yaml:1:18: cache.enabled: not available in this version; it has no effect",
                  "c.yaml:2:31: plugins.tracing.endpoint: not available in this version; it has no "
                  "effect"));
}

struct Case {
  const char* name;
  std::string_view yaml;
  std::string_view mistake;
  friend std::ostream& operator<<(std::ostream& os, const Case& c) { return os << c.name; }
};

constexpr Case kCases[] = {
    {"app_keys", "app_keys: {enabled: true}",
     "c.yaml:1:21: app_keys.enabled: not available in this version"},
    {"cache_type", "cache: {backend: disk}", "expected one of memory, redis, got \"disk\""},
    {"cache_unknown", "cache: {redis: {adress: a}}", "did you mean \"address\"?"},
    {"flush_interval", "app_keys: {persistence: {flush_interval: -1s}}", "from 1ms to 24h"},
    {"unknown_plugin", "plugins: {metric: }", "did you mean \"metrics\"?"},
    {"requestlog_level", "plugins: {requestlog: {level: 3}}", "expected one of debug"},
};

class PluginTableRefuses : public testing::TestWithParam<Case> {};

TEST_P(PluginTableRefuses, WithItsPlace) {
  EXPECT_THAT(mistakes(GetParam().yaml), testing::HasSubstr(std::string(GetParam().mistake)));
}

INSTANTIATE_TEST_SUITE_P(Table, PluginTableRefuses, testing::ValuesIn(kCases), test::by_name);

}  // namespace
}  // namespace butter::config
