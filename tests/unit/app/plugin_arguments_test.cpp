#include "app/plugin_arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace butter::app {
namespace {

using testing::ElementsAre;
using testing::Pair;

Result<PluginArguments> parse(std::vector<const char*> words) {
  return parse_plugin_arguments(words);
}
std::string complaint(std::vector<const char*> words) {
  const auto parsed = parse_plugin_arguments(words);
  return parsed ? "none" : parsed.error().detail;
}

TEST(PluginArguments, AFileIsEnough) {
  const auto parsed = parse({"test", "plugins/my-guard.wasm"});
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->settings.path, "plugins/my-guard.wasm");
  EXPECT_EQ(parsed->settings.name, "my-guard");
  EXPECT_EQ(parsed->settings.time_limit, 50ms);
  EXPECT_EQ(parsed->times, 1u);
  EXPECT_TRUE(parsed->hooks.empty());
  EXPECT_FALSE(parsed->expose_secrets);
}

TEST(PluginArguments, EveryFlag) {
  const auto parsed = parse({"test",
                             "--request",
                             "r.json",
                             "-response=a.json",
                             "--config",
                             "a=b=c",
                             "--config=x=",
                             "--header",
                             "X-A: b:c",
                             "--provider=p",
                             "--hook",
                             "pre_llm",
                             "--hook=on_trace",
                             "--times=10",
                             "--timeout",
                             "1s",
                             "--allow-host=example.com",
                             "--expose-secrets",
                             "--library=l.so",
                             "--cache-dir=c",
                             "p.wasm"});
  ASSERT_TRUE(parsed) << parsed.error().detail;
  EXPECT_EQ(parsed->settings.path, "p.wasm");
  EXPECT_EQ(parsed->request, "r.json");
  EXPECT_EQ(parsed->response, "a.json");
  EXPECT_THAT(parsed->settings.config, ElementsAre(Pair("a", "b=c"), Pair("x", "")));
  EXPECT_THAT(parsed->headers, ElementsAre(Pair("X-A", "b:c")));
  EXPECT_EQ(parsed->provider, "p");
  EXPECT_THAT(parsed->hooks, ElementsAre(wasm::Hook::pre_llm, wasm::Hook::on_trace));
  EXPECT_EQ(parsed->times, 10u);
  EXPECT_EQ(parsed->settings.time_limit, 1s);
  EXPECT_THAT(parsed->settings.allowed_hosts, ElementsAre("example.com"));
  EXPECT_TRUE(parsed->expose_secrets);
  EXPECT_EQ(parsed->library, "l.so");
  EXPECT_EQ(parsed->cache_dir, "c");
}

TEST(PluginArguments, MistakesAreTold) {
  EXPECT_EQ(complaint({}), "expected: butter plugin test FILE");
  EXPECT_EQ(complaint({"run", "p.wasm"}), "expected: butter plugin test FILE");
  EXPECT_EQ(complaint({"test"}), "which file?");
  EXPECT_EQ(complaint({"test", "a", "b"}), "one file at a time, got \"b\", too");
  EXPECT_EQ(complaint({"test", "a", "--request"}), "flag needs an argument: --request");
  EXPECT_EQ(complaint({"test", "a", "--speed=1"}), "flag provided but not defined: --speed");
  EXPECT_EQ(complaint({"test", "a", "--config=b"}), "--config: expected NAME=VALUE, got \"b\"");
  EXPECT_EQ(complaint({"test", "a", "--header=b"}), "--header: expected NAME:VALUE, got \"b\"");
  EXPECT_EQ(complaint({"test", "a", "--hook=init"}), "--hook: no hook \"init\"");
  for (const char* times : {"--times=0", "--times=x", "--times=1x", "--times=1000001"}) {
    EXPECT_THAT(complaint({"test", "a", times}), testing::StartsWith("--times: expected a number"));
  }
  for (const char* limit : {"--timeout=5", "--timeout=0s", "--timeout=1us"}) {
    EXPECT_THAT(complaint({"test", "a", limit}), testing::StartsWith("--timeout: expected a dur"));
  }
}

TEST(PluginArguments, TheUsageNamesEveryFlag) {
  for (const char* flag :
       {"--request", "--response", "--config", "--header", "--provider", "--hook", "--times",
        "--timeout", "--allow-host", "--expose-secrets", "--library"}) {
    EXPECT_THAT(plugin_usage(), testing::HasSubstr(flag));
  }
}

}  // namespace
}  // namespace butter::app
