#include "plugin/chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "unit/plugin/fake.h"
#ifdef BUTTER_EXERCISER
#include "unit/plugin/sandboxed.h"
#endif

namespace butter::plugin {
namespace {

using testing::HasSubstr;

const test::Fake::Run kNothing = [](const HookInput&) { return HookOutput(); };

TEST(Chain, WithoutPluginsHasNoHook) {
  const Chain chain;
  EXPECT_TRUE(chain.idle());
  for (const Hook hook : wasm::kHooks) { EXPECT_FALSE(chain.has(hook)); }
  EXPECT_FALSE(chain.reads_native());
}

TEST(Chain, KnowsWhichHooksAreThere) {
  const Chain chain({test::fake("a", {Hook::post_llm}, kNothing),
                     test::fake("b", {Hook::stream_chunk}, kNothing)},
                    1s);
  EXPECT_TRUE(chain.has(Hook::post_llm));
  EXPECT_TRUE(chain.has(Hook::stream_chunk));
  EXPECT_FALSE(chain.has(Hook::pre_http));
  EXPECT_FALSE(chain.idle());
  EXPECT_TRUE(chain.sees_answers());
  EXPECT_FALSE(chain.reads_native());
  EXPECT_EQ(chain.time_limit(), 1s);
}

TEST(Chain, SeesNoAnswersWithHooksOfRequestsAlone) {
  EXPECT_FALSE(
      Chain({test::fake("a", {Hook::pre_http, Hook::pre_llm, Hook::on_trace}, kNothing)}, 1s)
          .sees_answers());
}

TEST(Chain, WithPluginsThatHaveNoHooksIsIdle) {
  EXPECT_TRUE(Chain({test::fake("a", {}, kNothing)}, 1s).idle());
}

TEST(Chain, ReadsBodiesOfNativeWhereAPluginSeesThem) {
  EXPECT_TRUE(Chain({test::fake("a", {Hook::pre_http}, kNothing)}, 1s).reads_native());
  EXPECT_TRUE(Chain({test::fake("a", {Hook::pre_llm}, kNothing)}, 1s).reads_native());
}

TEST(Chain, TheGuardStandsBeforeAll) {
  log::Pipe pipe;
  log::Sink sink(pipe.writer());
  config::Config config;
  config.guard.enabled = true;
  config.guard.routes = {"/v1/*"};
  const auto made = Chain::make(config, sink, nullptr);
  ASSERT_TRUE(made);
  ASSERT_EQ((*made)->plugins().size(), 1u);
  const Plugin& guard = (*made)->plugins()[0];
  EXPECT_EQ(guard.name, "guard");
  EXPECT_TRUE(guard.filter.sees("/v1/x", ""));
  EXPECT_FALSE(guard.filter.sees("/native/x", ""));
  config.guard.patterns = {"a("};
  EXPECT_THAT(Chain::make(config, sink, nullptr).error().detail,
              testing::StartsWith("plugins.guard.patterns[0]: "));
}

TEST(Chain, AModuleThatIsNotThereIsTold) {
  log::Pipe pipe;
  log::Sink sink(pipe.writer());
  config::Config config;
  config.wasm_plugins = {{.name = "gone", .path = "/nowhere/gone.wasm"}};
  const auto made = Chain::make(config, sink, nullptr);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, Errc::bad_config);
  EXPECT_EQ(made.error().detail,
            "wasm plugin \"gone\": cannot read /nowhere/gone.wasm: No such file or directory");
}

#ifdef BUTTER_EXERCISER

class ChainOfModules : public testing::Test {
 protected:
  log::Pipe pipe_;
  log::Sink sink_{pipe_.writer()};
};

TEST_F(ChainOfModules, HasTheHooksThatTheModuleExports) {
  const auto chain = test::chain_of(test::config_of(test::exerciser()), sink_);
  ASSERT_EQ(chain->plugins().size(), 1u);
  EXPECT_EQ(chain->plugins()[0].name, "ex");
  EXPECT_TRUE(chain->has(Hook::pre_http));
}

TEST_F(ChainOfModules, WhatIsNoModuleIsTold) {
  config::WasmPlugin plugin = test::exerciser();
  plugin.path = "/proc/self/cmdline";
  const auto made = Chain::make(test::config_of(plugin), sink_, nullptr);
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().detail, HasSubstr("\"ex\""));
}

TEST_F(ChainOfModules, AnEqualPluginOfTheSameFileIsTakenOver) {
  const config::Config config = test::config_of(test::exerciser());
  const auto first = test::chain_of(config, sink_);
  const auto second = test::chain_of(config, sink_, first.get());
  EXPECT_EQ(first->plugins()[0].sandboxed, second->plugins()[0].sandboxed);
}

TEST_F(ChainOfModules, AnotherConfigurationMakesAnotherPlugin) {
  const auto first = test::chain_of(test::config_of(test::exerciser()), sink_);
  config::WasmPlugin changed = test::exerciser();
  changed.settings["n"] = "6";
  const auto second = test::chain_of(test::config_of(changed), sink_, first.get());
  EXPECT_NE(first->plugins()[0].sandboxed, second->plugins()[0].sandboxed);
}

TEST_F(ChainOfModules, AnotherFileMakesAnotherPlugin) {
  const std::string path = testing::TempDir() + "/chain_test.wasm";
  const auto replace = [&path] {
    // As tools that build do it: another file under the name.
    std::filesystem::copy_file(BUTTER_EXERCISER, path + ".new",
                               std::filesystem::copy_options::overwrite_existing);
    std::filesystem::rename(path + ".new", path);
  };
  replace();
  config::WasmPlugin plugin = test::exerciser();
  plugin.path = path;
  const auto first = test::chain_of(test::config_of(plugin), sink_);
  replace();
  const auto second = test::chain_of(test::config_of(plugin), sink_, first.get());
  EXPECT_NE(first->plugins()[0].sandboxed, second->plugins()[0].sandboxed);
}

#endif

}  // namespace
}  // namespace butter::plugin
