#include "plugin/plugin.h"

#include <gtest/gtest.h>

#include "unit/plugin/fake.h"
#ifdef BUTTER_EXERCISER
#include "unit/plugin/sandboxed.h"
#endif

namespace butter::plugin {
namespace {

TEST(Plugin, ThatIsCompiledInHasTheHooksOfItsCode) {
  const Plugin plugin =
      test::fake("a", {Hook::pre_llm}, [](const HookInput&) { return HookOutput(); });
  EXPECT_TRUE(plugin.has(Hook::pre_llm));
  EXPECT_FALSE(plugin.has(Hook::pre_http));
}

#ifdef BUTTER_EXERCISER

wasm::Place place_of(const config::WasmPlugin& plugin, Duration took) {
  log::Pipe pipe;
  log::Sink sink(pipe.writer());
  const auto chain = test::chain_of(test::config_of(plugin), sink);
  const Sandboxed& code = *chain->plugins().front().sandboxed;
  for (unsigned i = 0; i <= wasm::Pace::kTrials; ++i) { code.pace().record(100, took); }
  return code.place(100);
}

TEST(Sandboxed, RunsWhereItsCallsFit) {
  EXPECT_EQ(place_of(test::exerciser(), 10us), wasm::Place::here);
  EXPECT_EQ(place_of(test::exerciser(), 10ms), wasm::Place::thread);
}

TEST(Sandboxed, ThreadsDecideOtherwise) {
  EXPECT_EQ(place_of(test::exerciser(0), 10ms), wasm::Place::here);
  EXPECT_EQ(place_of(test::exerciser(1), 10us), wasm::Place::thread);
}

TEST(Sandboxed, WhoMayAskOthersNeverRunsOnTheLoop) {
  config::WasmPlugin plugin = test::exerciser(0);
  plugin.allowed_hosts = {"example.com"};
  EXPECT_EQ(place_of(plugin, 10us), wasm::Place::thread);
}

TEST(Sandboxed, ShowsSecretsWhereItIsTold) {
  log::Pipe pipe;
  log::Sink sink(pipe.writer());
  config::WasmPlugin plugin = test::exerciser();
  EXPECT_FALSE(
      test::chain_of(test::config_of(plugin), sink)->plugins()[0].sandboxed->disclosure().secrets);
  plugin.expose_secrets = true;
  EXPECT_TRUE(
      test::chain_of(test::config_of(plugin), sink)->plugins()[0].sandboxed->disclosure().secrets);
}

#endif

}  // namespace
}  // namespace butter::plugin
