#include "plugin/request_hooks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "unit/plugin/fake.h"
#ifdef BUTTER_EXERCISER
#include "support/loop_driver.h"
#include "unit/plugin/sandboxed.h"
#endif

namespace butter::plugin {
namespace {

using test::fake;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Who waits for a stage.
struct Waiter final : RequestHooks::Owner {
  void on_hooks_done(Outcome outcome) override { done = outcome; }
  std::optional<Outcome> done;
};

http::Fields fields_of(std::initializer_list<std::pair<std::string_view, std::string_view>> all) {
  http::Fields fields;
  for (const auto& [name, value] : all) { fields.add({name, value}); }
  return fields;
}

/// A request that these plugins see.
struct Request {
  explicit Request(std::vector<Plugin> plugins, Duration time_limit = 5s)
      : bed(std::move(plugins), time_limit) {
    hooks.begin(bed.host, "/v1/chat/completions", "req-1", fields_of({{"x-foo", "a"}}));
  }
  Outcome run(Hook hook, std::string_view body = "{}") {
    return hooks.run({.hook = hook, .model = "m", .body = body});
  }
  test::Bed bed;
  Waiter waiter;
  RequestHooks hooks{waiter};
};

/// Appends its name to what it was given.
test::Fake::Run appending(const std::string& name) {
  return [name](const HookInput& input) {
    HookOutput output;
    output.body = std::string(input.hook == Hook::post_http ? input.response : input.body) + name;
    return output;
  };
}

test::Fake::Run failing(const std::string& why) {
  return [why](const HookInput&) -> Result<HookOutput> { return fail(Errc::internal, why); };
}

TEST(RequestHooks, RequestsMeetThePluginsInOrderAndAnswersInReverse) {
  const std::vector<Hook> all(wasm::kHooks.begin(), wasm::kHooks.end());
  Request request({fake("a", all, appending("a")), fake("b", all, appending("b"))});
  for (const Hook hook : {Hook::pre_http, Hook::pre_llm}) {
    EXPECT_EQ(request.run(hook, "-"), Outcome::passed);
    EXPECT_EQ(request.hooks.body(), "-ab") << wasm::to_string(hook);
  }
  for (const Hook hook : {Hook::stream_chunk, Hook::post_llm}) {
    EXPECT_EQ(request.run(hook, "-"), Outcome::passed);
    EXPECT_EQ(request.hooks.body(), "-ba") << wasm::to_string(hook);
  }
  EXPECT_EQ(request.hooks.run({.hook = Hook::post_http, .body = "?", .response = "-"}),
            Outcome::passed);
  EXPECT_EQ(request.hooks.body(), "-ba");
}

TEST(RequestHooks, AStageThatNobodyWantsCallsNobody) {
  Request request({fake("a", {Hook::pre_http}, failing("must not be called"))});
  EXPECT_EQ(request.run(Hook::post_llm), Outcome::passed);
  EXPECT_FALSE(request.hooks.wants(Hook::post_llm, "m"));
  EXPECT_TRUE(request.hooks.wants(Hook::pre_http, "m"));
  EXPECT_THAT(request.bed.counts.all, IsEmpty());
}

TEST(RequestHooks, APluginSeesWhatItsFilterLetsThrough) {
  Request request(
      {fake("a", {Hook::pre_llm}, appending("a"), config::OnFailure::open, {{"/native/*"}, {}}),
       fake("b", {Hook::pre_llm}, appending("b"), config::OnFailure::open, {{}, {"m*"}})});
  EXPECT_EQ(request.run(Hook::pre_llm, "-"), Outcome::passed);
  EXPECT_EQ(request.hooks.body(), "-b");
  EXPECT_FALSE(request.hooks.wants(Hook::pre_llm, "other"));
}

TEST(RequestHooks, TellsWhatThereIs) {
  std::string seen;
  Request request({fake("a", {Hook::pre_http, Hook::pre_llm}, [&seen](const HookInput& input) {
    seen += std::string(input.model) + '|' + std::string(input.headers[0].name) + '=' +
            std::string(input.headers[0].value) + '|' +
            (input.metadata->contains("k") ? input.metadata->at("k") : "none") + '\n';
    HookOutput output;
    output.metadata["k"] = "7";
    return output;
  })});
  EXPECT_EQ(request.run(Hook::pre_http), Outcome::passed);
  EXPECT_EQ(request.run(Hook::pre_llm), Outcome::passed);
  EXPECT_EQ(seen, "|x-foo=a|none\nm|x-foo=a|7\n");
}

TEST(RequestHooks, AnAnswerEndsTheStage) {
  Request request({fake("a", {Hook::pre_http},
                        [](const HookInput&) {
                          HookOutput output;
                          output.headers = {{"x-a", "1"}};
                          output.short_circuit = {.status = 418, .body = "{}"};
                          return output;
                        }),
                   fake("b", {Hook::pre_http}, failing("must not be called"))});
  EXPECT_EQ(request.run(Hook::pre_http), Outcome::answered);
  EXPECT_EQ(request.hooks.answer().status, 418);
  EXPECT_THAT(request.hooks.headers(), ElementsAre(std::pair("x-a", "1")));
  EXPECT_THAT(request.bed.counts.all, ElementsAre("a pre_http answered"));
}

TEST(RequestHooks, OnlyBeforeTheProviderAPluginMayAnswer) {
  Request request({fake("a", {Hook::post_llm}, [](const HookInput&) {
    HookOutput output;
    output.short_circuit.emplace();
    return output;
  })});
  EXPECT_EQ(request.run(Hook::post_llm), Outcome::passed);
}

TEST(RequestHooks, AFailureIsLoggedOnceAndPassedOver) {
  Request request({fake("a", {Hook::stream_chunk}, failing("no")),
                   fake("b", {Hook::stream_chunk}, appending("b"))});
  EXPECT_EQ(request.run(Hook::stream_chunk, "-"), Outcome::passed);
  EXPECT_EQ(request.hooks.body(), "-b");
  EXPECT_EQ(request.run(Hook::stream_chunk, "-"), Outcome::passed);
  request.bed.logger.info("end");
  request.bed.logger.flush();
  const std::string log = request.bed.pipe.read_lines(2);
  EXPECT_THAT(log, HasSubstr("\"msg\":\"plugin StreamChunk error\",\"plugin\":\"a\""));
  EXPECT_EQ(log.find("StreamChunk"), log.rfind("StreamChunk"));
  EXPECT_THAT(request.bed.counts.all,
              ElementsAre("b stream_chunk changed", "a stream_chunk refused",
                          "b stream_chunk changed", "a stream_chunk refused"));
}

TEST(RequestHooks, AFailureOfAClosedPluginEndsTheRequest) {
  Request request({fake("a", {Hook::pre_llm}, failing("no"), config::OnFailure::closed),
                   fake("b", {Hook::pre_llm}, failing("must not be called"))});
  EXPECT_EQ(request.run(Hook::pre_llm), Outcome::failed);
  EXPECT_EQ(request.hooks.failure(), "plugin \"a\" failed in pre_llm");
}

#ifdef BUTTER_EXERCISER

/// A request that the exerciser sees.
struct ModuleRequest {
  explicit ModuleRequest(config::WasmPlugin plugin, Duration time_limit = 5s) {
    config::Config config = test::config_of(std::move(plugin));
    config.wasm.request_timeout = time_limit;
    chain = test::chain_of(config, sink);
    host.emplace(loop, logger, counts, chain, nullptr);
    hooks.begin(*host, "/native/x", "req-1", fields_of({{"x-foo", "a"}}));
  }
  /// \return what the stage came to in the end
  Outcome run(const Subject& subject) {
    const Outcome outcome = hooks.run(subject);
    if (outcome != Outcome::waiting) { return outcome; }
    EXPECT_TRUE(support::run_until(loop, [this] { return waiter.done.has_value(); }));
    return waiter.done.value_or(Outcome::waiting);
  }
  net::Loop loop;
  log::Pipe pipe;
  log::Sink sink{pipe.writer()};
  log::Logger logger{sink, log::Level::error};
  test::Counts counts;
  std::shared_ptr<const Chain> chain;
  std::optional<Host> host;
  Waiter waiter;
  RequestHooks hooks{waiter};
};

const Subject kAnswering{.hook = Hook::pre_http, .body = R"({"mode":"sc"})"};

TEST(RequestHooksOfModules, RunOnTheLoopOrOnAThreadWithTheSameResult) {
  for (const std::uint32_t threads : {0u, 1u}) {
    ModuleRequest request(test::exerciser(threads));
    EXPECT_EQ(request.run(kAnswering), Outcome::answered);
    EXPECT_EQ(request.hooks.answer().body, "\"plain string\"");
    EXPECT_THAT(request.counts.all, ElementsAre("ex pre_http answered"));
    EXPECT_GT(request.hooks.spent(), 0ns);
    EXPECT_FALSE(request.hooks.waits());
  }
}

TEST(RequestHooksOfModules, WhoEndsHearsNothing) {
  ModuleRequest request(test::exerciser(1));
  EXPECT_EQ(request.hooks.run(kAnswering), Outcome::waiting);
  EXPECT_TRUE(request.hooks.waits());
  request.hooks.end();
  support::settle(request.loop);
  EXPECT_FALSE(request.waiter.done);
}

TEST(RequestHooksOfModules, DoNotSeeABodyThatIsOurs) {
  ModuleRequest request(test::exerciser(0));
  Subject subject = kAnswering;
  subject.body_is_ours = true;
  EXPECT_EQ(request.run(subject), Outcome::passed);
}

TEST(RequestHooksOfModules, ABodyThatIsNoJsonIsAFailure) {
  ModuleRequest request(test::exerciser(0));
  EXPECT_EQ(request.run({.hook = Hook::pre_http, .body = "{\"mode\":"}), Outcome::passed);
  EXPECT_THAT(request.counts.all, ElementsAre("ex pre_http bad_input"));
}

TEST(RequestHooksOfModules, EndAtTheTimeThatARequestMaySpend) {
  config::WasmPlugin plugin = test::exerciser(1);
  plugin.fuel = 1'000'000'000'000'000;
  plugin.timeout = 60s;
  plugin.on_failure = config::OnFailure::closed;
  ModuleRequest request(plugin, 20ms);
  EXPECT_EQ(request.run({.hook = Hook::pre_http, .body = R"({"mode":"loop"})"}), Outcome::failed);
  EXPECT_THAT(request.counts.all, ElementsAre("ex pre_http timeout"));
  // Nothing is left for what comes next.
  EXPECT_EQ(request.hooks.run({.hook = Hook::pre_llm, .body = "{}"}), Outcome::failed);
  EXPECT_EQ(request.counts.all.back(), "ex pre_llm not_called");
}

TEST(RequestHooksOfModules, APluginThatRestsIsNotCalled) {
  ModuleRequest request(test::exerciser(0));
  for (unsigned i = 0; i < Rest::kFailures; ++i) {
    request.chain->plugins()[0].sandboxed->rest(Hook::pre_http).note(true, request.loop.now());
  }
  EXPECT_EQ(request.run(kAnswering), Outcome::passed);
  EXPECT_THAT(request.counts.all, ElementsAre("ex pre_http not_called"));
}

TEST(RequestHooksOfModules, ObservingChangesNothing) {
  for (const std::uint32_t threads : {0u, 1u}) {
    ModuleRequest request(test::exerciser(threads));
    const wasm::Trace trace{.status = 200, .method = "POST", .path = "/x", .error = ""};
    request.hooks.observe({.hook = Hook::on_trace, .trace = &trace});
    EXPECT_TRUE(support::run_until(request.loop, [&] { return !request.counts.all.empty(); }));
    EXPECT_THAT(request.counts.all, ElementsAre("ex on_trace ok"));
  }
}

#endif

}  // namespace
}  // namespace butter::plugin
