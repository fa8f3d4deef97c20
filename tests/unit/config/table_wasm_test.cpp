#include "unit/config/support.h"

namespace butter::config {
namespace {

using test::good;
using test::load;
using test::mistakes;
using testing::HasSubstr;
using testing::Not;

// A file that can be read, as `path` must be.
const std::string kFile = "/proc/self/exe";

std::string plugin(const std::string& keys) {
  return "wasm_plugins: [{name: a, path: " + kFile + ", " + keys + "}]";
}

TEST(WasmTable, WhatAllShare) {
  EXPECT_EQ(good("{}").wasm.library, "");
  EXPECT_EQ(good("{}").wasm.cache_dir, "");
  const Config config = good("wasm: {library: " + kFile + ", cache_dir: /var/cache/butter}");
  EXPECT_EQ(config.wasm.library, kFile);
  EXPECT_EQ(config.wasm.cache_dir, "/var/cache/butter");
  EXPECT_THAT(mistakes("wasm: {library: /nowhere.so}"), HasSubstr("c.yaml:1:17: wasm.library: "));
}

TEST(WasmTable, NoPluginIsNoMistake) {
  EXPECT_TRUE(good("wasm_plugins: []").wasm_plugins.empty());
}

// The keys are known; that there are plugins is refused.
TEST(WasmTable, EveryKeyIsTaken) {
  const std::string text = plugin(
      "config: {n: 5, b: true}, on_failure: closed, routes: [/native/*], "
      "models: [gpt-4*], timeout: 1s, memory_limit: 1MiB, fuel: 1000, "
      "isolation: per_call, threads: 4, allowed_hosts: [\"*.example.com\"], "
      "expose_secrets: true");
  ASSERT_EQ(mistakes(text), "");
  const WasmPlugin read = good(text).wasm_plugins.at(0);
  EXPECT_EQ(read.settings.at("n"), "5");
  EXPECT_EQ(read.settings.at("b"), "true");
  EXPECT_EQ(read.on_failure, OnFailure::closed);
  EXPECT_EQ(read.routes, std::vector<std::string>{"/native/*"});
  EXPECT_EQ(read.models, std::vector<std::string>{"gpt-4*"});
  EXPECT_EQ(read.timeout, 1s);
  EXPECT_EQ(read.memory_limit, 1u << 20);
  EXPECT_EQ(read.fuel, 1000u);
  EXPECT_TRUE(read.isolated);
  EXPECT_EQ(read.threads, 4u);
  EXPECT_EQ(read.allowed_hosts, std::vector<std::string>{"*.example.com"});
  EXPECT_TRUE(read.expose_secrets);
}

TEST(WasmTable, TheTimeOfARequestIsBounded) {
  EXPECT_EQ(good("{}").wasm.request_timeout, 5s);
  EXPECT_EQ(good("wasm: {request_timeout: 200ms}").wasm.request_timeout, 200ms);
  EXPECT_THAT(mistakes("wasm: {request_timeout: 0s}"), HasSubstr("wasm.request_timeout: "));
}

struct Case {
  const char* name;
  std::string keys;
  std::string mistake;
  friend std::ostream& operator<<(std::ostream& os, const Case& c) { return os << c.name; }
};

const Case kCases[] = {
    {"on_failure", "on_failure: maybe", "on_failure: expected one of open, closed"},
    {"route", "routes: [v1/chat]", "routes[0]: must begin with /"},
    {"model", "models: [\"\"]", "models[0]: "},
    {"timeout_low", "timeout: 0s", "timeout: expected a duration from 1ms to 5m"},
    {"timeout_high", "timeout: 6m", "timeout: expected a duration from 1ms to 5m"},
    {"memory_low", "memory_limit: 1KiB", "memory_limit: expected "},
    {"memory_high", "memory_limit: 5GiB", "memory_limit: expected "},
    {"fuel", "fuel: -1", "fuel: expected an integer from 0"},
    {"isolation", "isolation: full", "isolation: expected one of warm, per_call"},
    {"threads", "threads: 257", "threads: expected an integer from 0 to 256"},
    {"host_with_port", "allowed_hosts: [\"a:80\"]", "allowed_hosts[0]: expected a host without"},
    {"host_with_scheme", "allowed_hosts: [\"http://a\"]", "expected a host without"},
    {"expose", "expose_secrets: some", "expose_secrets: expected "},
    {"unknown", "time_out: 1s", "did you mean \"timeout\"?"},
};

class WasmTableRefuses : public testing::TestWithParam<Case> {};

TEST_P(WasmTableRefuses, WithItsPlace) {
  EXPECT_THAT(mistakes(plugin(GetParam().keys)), HasSubstr(GetParam().mistake));
}

INSTANTIATE_TEST_SUITE_P(Table, WasmTableRefuses, testing::ValuesIn(kCases), test::by_name);

TEST(WasmTable, NameAndPathAreMandatory) {
  EXPECT_THAT(mistakes("wasm_plugins: [{path: " + kFile + "}]"),
              HasSubstr("wasm_plugins[0].name: mandatory"));
  EXPECT_THAT(mistakes("wasm_plugins: [{name: a}]"), HasSubstr("wasm_plugins[0].path: mandatory"));
}

TEST(WasmTable, NamesAreApart) {
  const std::string one = "{name: a, path: " + kFile + "}";
  EXPECT_THAT(mistakes("wasm_plugins: [" + one + ", " + one + "]"),
              HasSubstr("wasm_plugins[1].name: there is another plugin \"a\""));
  EXPECT_THAT(mistakes("wasm_plugins: [" + one + "]"), Not(HasSubstr("another")));
}

}  // namespace
}  // namespace butter::config
