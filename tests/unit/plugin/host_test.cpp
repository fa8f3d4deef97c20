#include "plugin/host.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/plugin/fake.h"
#ifdef BUTTER_EXERCISER
#include "support/loop_driver.h"
#include "unit/plugin/sandboxed.h"
#endif

namespace butter::plugin {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(HookResult, SaysWhatAHookDid) {
  HookOutput output;
  EXPECT_EQ(result_of(output), "ok");
  output.metadata["a"] = "1";
  EXPECT_EQ(result_of(output), "changed");
  output.short_circuit.emplace();
  EXPECT_EQ(result_of(output), "answered");
}

TEST(Host, LogsAFailureAsTheGoProgram) {
  test::Bed bed({});
  bed.host.log_failure({.fault = wasm::Fault::timeout,
                        .hook = Hook::post_llm,
                        .plugin = "p",
                        .detail = "timeout after 50 ms"},
                       "r1");
  EXPECT_THAT(bed.logged(),
              HasSubstr(R"("level":"ERROR","msg":"plugin PostLLM error","plugin":"p",)"
                        R"("error":"wasm plugin \"p\" post_llm: timeout after 50 ms",)"
                        R"("request_id":"r1")"));
}

#ifdef BUTTER_EXERCISER

const std::string kInput = R"({"hook":"pre_http","body":{"mode":"sc"}})";

struct ModuleBed {
  explicit ModuleBed(std::optional<std::uint32_t> threads)
      : chain(test::chain_of(test::config_of(test::exerciser(threads)), sink)),
        host(loop, logger, counts, chain, nullptr) {}
  net::Loop loop;
  log::Pipe pipe;
  log::Sink sink{pipe.writer()};
  log::Logger logger{sink, log::Level::info};
  test::Counts counts;
  std::shared_ptr<const Chain> chain;
  Host host;
};

TEST(Host, CallsHereAndNow) {
  ModuleBed bed(0);
  const auto result = bed.host.call(0, Hook::pre_http, kInput, "");
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->short_circuit);
}

TEST(Host, BringsAThreadsResultToTheLoop) {
  ModuleBed bed(1);
  bool done = false;
  const auto ticket = bed.host.start(0, Hook::pre_http, kInput, "", [&](const auto& result) {
    EXPECT_TRUE(result);
    done = true;
  });
  EXPECT_TRUE(support::run_until(bed.loop, [&] { return done; }));
}

TEST(Host, CountsWhatNobodyWaitsFor) {
  ModuleBed bed(1);
  bed.host.start_detached(0, Hook::on_trace, kInput, "r");
  EXPECT_TRUE(support::run_until(bed.loop, [&] { return !bed.counts.all.empty(); }));
  EXPECT_EQ(bed.counts.all.size(), 1u);
}

TEST(Host, MayEndBeforeWhatNobodyWaitsFor) {
  ModuleBed bed(1);
  {
    Host host(bed.loop, bed.logger, bed.counts, bed.chain, nullptr);
    host.start_detached(0, Hook::on_trace, kInput, "r");
  }
  support::settle(bed.loop);
  EXPECT_TRUE(bed.counts.all.empty());
}

TEST(Host, TellsWhenAPluginRests) {
  ModuleBed bed(0);
  const Host::Result failed = std::unexpected(
      wasm::Failure{.fault = wasm::Fault::timeout, .hook = Hook::pre_http, .plugin = "ex"});
  for (unsigned i = 0; i < Rest::kFailures; ++i) { bed.host.note(0, Hook::pre_http, 10, failed); }
  EXPECT_FALSE(bed.chain->plugins()[0].sandboxed->rest(Hook::pre_http).may_run(bed.loop.now()));
  EXPECT_TRUE(bed.chain->plugins()[0].sandboxed->rest(Hook::post_llm).may_run(bed.loop.now()));
  EXPECT_THAT(bed.pipe.read_lines(1), HasSubstr("\"msg\":\"plugin rests\",\"plugin\":\"ex\""));
  EXPECT_THAT(bed.counts.all, testing::Each("ex pre_http timeout"));
}

TEST(Host, TakesOverWarmInstances) {
  ModuleBed bed(0);
  // What a plugin notes by var_set is there the next time on the same instance.
  const std::string counted = R"({"hook":"pre_http","body":{"mode":"count"}})";
  const auto first = bed.host.call(0, Hook::pre_http, counted, "");
  Host next(bed.loop, bed.logger, bed.counts, bed.chain, &bed.host);
  const auto second = next.call(0, Hook::pre_http, counted, "");
  ASSERT_TRUE(first && second);
  EXPECT_NE(first->metadata, second->metadata);
}

#endif

}  // namespace
}  // namespace butter::plugin
