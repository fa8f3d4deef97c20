#include "wasm/instance.h"

#include <future>
#include <thread>

#include "unit/wasm/support.h"

namespace butter::wasm {
namespace {

using test::run;
using test::told;
using testing::HasSubstr;
using testing::StartsWith;

TEST(Instance, NoOutputIsNoChange) {
  Instance instance(test::usual_module());
  const auto output = run(instance, "empty");
  ASSERT_EQ(told(output), "ok");
  EXPECT_TRUE(output->changes_nothing());
  EXPECT_GT(output->took, 0ns);
}

TEST(Instance, ShowsTheInputAsItIs) {
  Instance instance(test::usual_module());
  const std::string input = test::input_of("record", Hook::post_llm);
  const auto output = instance.call(Hook::post_llm, input, {});
  ASSERT_EQ(told(output), "ok");
  EXPECT_EQ(output->metadata.at("seen"), input);
}

// Cases 183 to 188.
TEST(Instance, AnswersOfTheCases) {
  Instance instance(test::usual_module());
  EXPECT_EQ(run(instance, "sc")->short_circuit->body, R"("plain string")");
  EXPECT_EQ(run(instance, "scnobody")->short_circuit->body, "");
  EXPECT_EQ(run(instance, "scnobody")->short_circuit->status, 400);
  EXPECT_EQ(run(instance, "bodypre", Hook::pre_llm)->body,
            R"({"model":"CHANGED_PRE_LLM","messages":[], "z":"<b>"})");
  EXPECT_EQ(run(instance, "scllm", Hook::pre_llm)->short_circuit->status, 418);
  EXPECT_TRUE(run(instance, "scllm")->changes_nothing());
  EXPECT_EQ(run(instance, "header")->headers.at(0).second, "was here");
}

TEST(Instance, EveryFunctionOfTheHostDoesWhatTheAbiSays) {
  Instance instance(test::usual_module());
  for (const Hook hook : kHooks) {
    const auto output = run(instance, "abi", hook);
    ASSERT_EQ(told(output), "ok");
    EXPECT_EQ(output->metadata.at("wrong"), "\"\"");
  }
}

TEST(Instance, HooksMayHaveNoResult) {
  Instance instance(test::load({.name = "void", .path = test::text_of("void_hook.wat")}));
  EXPECT_EQ(told(instance.call(Hook::pre_http, "{}", {})), "ok");
  EXPECT_TRUE(instance.call(Hook::pre_llm, "{}", {})->changes_nothing());
}

TEST(Instance, AWarmOneRemembers) {
  Instance instance(test::usual_module());
  EXPECT_EQ(run(instance, "count")->metadata.at("memory"), "1");
  const auto second = run(instance, "count");
  EXPECT_EQ(second->metadata.at("memory"), "2");
  EXPECT_EQ(second->metadata.at("vars"), "2");
}

TEST(Instance, IsolatedOnesNever) {
  Instance instance(
      test::load(test::exerciser({.time_limit = 5s, .isolation = Isolation::per_call})));
  for (int i = 0; i < 3; ++i) {
    const auto output = run(instance, "count");
    EXPECT_EQ(output->metadata.at("memory"), "1");
    EXPECT_EQ(output->metadata.at("vars"), "1");
  }
}

TEST(Instance, WhatThePluginSaysItselfKeepsItWarm) {
  Instance instance(test::usual_module());
  EXPECT_EQ(told(run(instance, "count")), "ok");
  EXPECT_EQ(told(run(instance, "error")), "refused: it says no");
  EXPECT_EQ(told(run(instance, "code")), "refused: non-zero exit code 7");
  EXPECT_THAT(told(run(instance, "bad_json")), StartsWith("bad_output: unmarshal response: "));
  EXPECT_EQ(run(instance, "count")->metadata.at("memory"), "2");
}

struct Hostile {
  const char* mode;
  const char* told;
};

// After each the next call finds a fresh instance that works.
TEST(Instance, HostilePluginsHarmNobody) {
  Instance instance(test::load(test::exerciser({.memory_limit = 8 << 20, .time_limit = 200ms})));
  constexpr Hostile kRows[] = {
      {"loop", "timeout: timeout after 2"},    {"trap", "trap: trap at 0: "},
      {"recurse", "trap: trap at 0: "},        {"wild_read", "trap: trap at 0: "},
      {"eat", "out_of_memory: out of memory"}, {"fill_vars", "trap: trap at 0: "},
      {"exit", "trap: trap at 0: "},
  };
  for (const Hostile& row : kRows) {
    EXPECT_EQ(run(instance, "count")->metadata.at("memory"), "1") << row.mode;
    const auto result = run(instance, row.mode);
    EXPECT_THAT(told(result), StartsWith(row.told)) << row.mode;
    ASSERT_FALSE(result) << row.mode;
    EXPECT_EQ(result.error().plugin, "exerciser");
    EXPECT_EQ(result.error().hook, Hook::pre_http);
  }
}

TEST(Instance, MemoryOfTheHostHasTheSameLimit) {
  Instance instance(test::load(test::exerciser({.memory_limit = 8 << 20, .time_limit = 5s})));
  EXPECT_FALSE(run(instance, "eat_host"));
  const std::string large(16 << 20, ' ');
  EXPECT_EQ(told(instance.call(Hook::pre_http, large, {})), "out_of_memory: out of memory");
  EXPECT_EQ(told(run(instance, "empty")), "ok");
}

TEST(Instance, LyingAboutLengthsAndHandlesIsHarmless) {
  Instance instance(test::usual_module());
  for (const char* mode : {"long_output", "bad_handles"}) {
    const auto result = run(instance, mode);
    EXPECT_TRUE(!result || result->changes_nothing()) << mode;
  }
  EXPECT_EQ(told(run(instance, "empty")), "ok");
}

TEST(Instance, NobodySleeps) {
  Instance instance(test::usual_module());
  const auto output = run(instance, "sleep");
  ASSERT_EQ(told(output), "ok");
  EXPECT_LT(output->took, 5s);
}

TEST(Instance, FuelEnds) {
  Instance instance(test::load(test::exerciser({.time_limit = 60s, .fuel = 1'000'000})));
  EXPECT_EQ(told(run(instance, "loop")), "out_of_fuel: plugin ran out of fuel");
  EXPECT_EQ(told(run(instance, "empty")), "ok");
}

TEST(Instance, CanBeCancelledFromAnotherThread) {
  Instance instance(test::load(test::exerciser({.time_limit = 60s, .fuel = 1'000'000'000})));
  std::promise<void> over;
  std::thread other([&instance, done = over.get_future()] {
    // Not more often: libextism would still be busy with the last of them when all is over.
    while (done.wait_for(20ms) != std::future_status::ready) { instance.cancel(); }
  });
  // One that meets the very beginning of a call is lost, and the call runs until its fuel is used
  // up.
  std::string how;
  for (int i = 0; i < 5 && how != "cancelled: cancelled"; ++i) {
    how = told(run(instance, "loop"));
  }
  over.set_value();
  other.join();
  EXPECT_EQ(how, "cancelled: cancelled");
  EXPECT_EQ(told(run(instance, "empty")), "ok");
}

// libextism stops all instances of a module at once; who was not meant begins anew.
TEST(Instance, ANeighboursTimeoutIsNotOnes) {
  const auto module = test::load(test::exerciser({.time_limit = 100ms}));
  std::atomic<bool> over = false;
  std::atomic<int> timeouts = 0;
  std::thread neighbour([&] {
    Instance instance(module);
    for (int i = 0; i < 5; ++i) { timeouts += run(instance, "loop").has_value() ? 0 : 1; }
    over = true;
  });
  Instance instance(module);
  int calls = 0;
  while (!over) {
    const auto output = run(instance, "record");
    ASSERT_EQ(told(output), "ok");
    ++calls;
  }
  neighbour.join();
  EXPECT_EQ(timeouts, 5);
  EXPECT_GT(calls, 0);
}

TEST(Instance, WarmedUpAndCancelledItStillWorks) {
  Instance instance(test::usual_module());
  ASSERT_TRUE(instance.warm_up(Hook::pre_http));
  EXPECT_EQ(told(run(instance, "empty")), "ok");
  instance.cancel();  // nothing is under way
  EXPECT_EQ(told(run(instance, "empty")), "ok");
}

}  // namespace
}  // namespace butter::wasm
