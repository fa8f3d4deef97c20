#include "wasm/module.h"

#include <sched.h>

#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "unit/wasm/support.h"

namespace butter::wasm {
namespace {

using test::refusal;
using test::text_of;
using testing::HasSubstr;

TEST(Module, KnowsTheHooksThatItExports) {
  for (const Hook hook : kHooks) { EXPECT_TRUE(test::usual_module()->has(hook)); }
  const auto some = test::load({.name = "some", .path = text_of("void_hook.wat")});
  EXPECT_TRUE(some->has(Hook::pre_http));
  EXPECT_TRUE(some->has(Hook::pre_llm));
  EXPECT_FALSE(some->has(Hook::post_llm));
}

TEST(Module, AnotherSignatureIsNoHook) {
  const auto none = test::load({.name = "none", .path = text_of("no_hooks.wat")});
  for (const Hook hook : kHooks) { EXPECT_FALSE(none->has(hook)); }
}

TEST(Module, WhatCannotBeReadIsRefused) {
  EXPECT_EQ(refusal({.name = "gone", .path = "/nowhere/gone.wasm"}),
            "wasm plugin \"gone\": /nowhere/gone.wasm: Unable to compile Extism plugin: "
            "Unable to load Wasm file \"/nowhere/gone.wasm\": entity not found");
}

TEST(Module, WhatIsNoModuleIsRefused) {
  const std::string path = testing::TempDir() + "/not_a_module.wasm";
  std::ofstream(path) << "MZ nothing";
  EXPECT_THAT(refusal({.name = "odd", .path = path}), HasSubstr("Unable to compile"));
}

TEST(Module, ZeroBytesAreRefused) {
  // libextism would abort.
  EXPECT_EQ(test::refusal({.name = "p", .path = "/proc/self/cmdline"}),
            "wasm plugin \"p\": /proc/self/cmdline: is no WebAssembly module");
}

TEST(Module, UnknownImportsAreRefused) {
  EXPECT_THAT(refusal({.name = "wants", .path = text_of("unknown_import.wat")}),
              HasSubstr("somewhere"));
}

TEST(Module, StartUpThatNeverEndsIsStopped) {
  EXPECT_THAT(refusal({.name = "endless", .path = text_of("init_loop.wat"), .fuel = 1'000'000}),
              HasSubstr("fuel"));
}

TEST(Module, MoreMemoryThanAllowedFromTheStartIsRefused) {
  EXPECT_THAT(refusal({.name = "wide", .path = text_of("wide_memory.wat")}), HasSubstr("oom"));
}

TEST(Module, OneServesManyThreads) {
  std::vector<std::thread> threads;
  std::atomic<int> good = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&good] {
      Instance instance(test::usual_module());
      for (int n = 0; n < 50; ++n) { good += test::run(instance, "empty").has_value() ? 1 : 0; }
    });
  }
  for (std::thread& thread : threads) { thread.join(); }
  EXPECT_EQ(good, 200);
}

TEST(Module, ThreadsOfLibextismDoNotTakeTheCoreFromTheLoop) {
  (void)test::usual_module();
  std::size_t batch = 0;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    const auto id = static_cast<pid_t>(std::stol(task.path().filename().string()));
    batch += ::sched_getscheduler(id) == SCHED_BATCH ? 1 : 0;
  }
  EXPECT_GE(batch, 1u);  // the timer
  EXPECT_EQ(::sched_getscheduler(0), SCHED_OTHER);
}

}  // namespace
}  // namespace butter::wasm
