// Question: what does a hook of a plugin in WebAssembly cost, apart from what the plugin does?
// Budget: 15 us at 1 KiB for writing the input, the call and reading the output; a fresh instance
// 200 us.
//
// Run it in the repository's folder, after scripts/fetch_extism.sh and sdk/build.sh c; or name the
// library in BUTTER_EXTISM_LIBRARY and the folder of the plugins in BUTTER_WASM_PLUGINS.

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <string>

#include "wasm/instance.h"
#include "wasm/pool.h"

namespace {

using namespace butter;
using namespace butter::wasm;

const char* or_else(const char* variable, const char* fallback) {
  const char* const value = std::getenv(variable);
  return value == nullptr ? fallback : value;
}

constexpr const char* kExample = "example-c.wasm";  // reads one field, answers with a constant
constexpr const char* kGuard = "guard-c.wasm";      // reads all of it

Result<std::shared_ptr<const Module>> load(const std::string& file = kExample) {
  auto library = Library::open(
      {.path = or_else("BUTTER_EXTISM_LIBRARY", "build/extism/libextism.so"), .cache_dir = ""});
  if (!library) { return std::unexpected(library.error()); }
  return Module::load(*library, {.name = "plugin",
                                 .path = or_else("BUTTER_WASM_PLUGINS", "build/sdk") + ("/" + file),
                                 .time_limit = 1s});
}

/// A chat request of about `size` bytes.
std::string body_of(std::size_t size) {
  std::string body = R"({"model":"gpt-4o-mini","stream":true,"messages":[)";
  while (body.size() < size) {
    body += R"({"role":"user","content":"The quick brown fox \"jumps\" over the lazy dog; )"
            R"(so it went on for a while, line by line.\n"},)";
  }
  body.back() = ']';
  return body + "}";
}

constexpr Header kHeaders[] = {{"content-type", "application/json"},
                               {"user-agent", "OpenAI/Python 2.8.0"},
                               {"authorization", "Bearer sk-0123456789"},
                               {"x-request-id", "01J9ZQ4T8C3M5N7P9R1S"},
                               {"accept", "application/json"},
                               {"accept-encoding", "gzip, deflate"}};

HookInput input_of(const std::string& body) {
  return {.hook = Hook::pre_http, .body = body, .headers = kHeaders};
}

void write_input(benchmark::State& state) {
  const std::string body = body_of(static_cast<std::size_t>(state.range(0)));
  InputWriter writer;
  std::size_t size = 0;
  for (auto _ : state) { size = writer.write(input_of(body), {})->size(); }
  if (size < body.size()) { state.SkipWithError("the body is missing"); }
  state.SetBytesProcessed(static_cast<std::int64_t>(body.size()) * state.iterations());
}
BENCHMARK(write_input)->Arg(1 << 10)->Arg(16 << 10)->Arg(200 << 10);

void read_output(benchmark::State& state) {
  const std::string text =
      R"({"metadata":{"a":true},"body":)" + body_of(static_cast<std::size_t>(state.range(0))) + "}";
  bool good = false;
  for (auto _ : state) { good = wasm::read_output(text)->body.has_value(); }
  if (!good) { state.SkipWithError("no body"); }
}
BENCHMARK(read_output)->Arg(1 << 10)->Arg(200 << 10);

/// The whole of a hook: writing the input, the call, reading the output.
void hook(benchmark::State& state, const char* file) {
  const auto module = load(file);
  if (!module) { return state.SkipWithError(module.error().detail.c_str()); }
  const std::string body = body_of(static_cast<std::size_t>(state.range(0)));
  Instance instance(*module);
  InputWriter writer;
  bool good = false;
  for (auto _ : state) {
    good = instance.call(Hook::pre_http, *writer.write(input_of(body), {}), {}).has_value();
  }
  if (!good) { state.SkipWithError("the hook failed"); }
}
BENCHMARK_CAPTURE(hook, example, kExample)->Arg(1 << 10)->Arg(16 << 10)->Arg(200 << 10);
BENCHMARK_CAPTURE(hook, guard, kGuard)->Arg(1 << 10)->Arg(16 << 10)->Arg(200 << 10);

/// A hook that the plugin does not have.
void no_hook(benchmark::State& state) {
  const auto module = load();
  if (!module) { return state.SkipWithError(module.error().detail.c_str()); }
  if ((*module)->has(Hook::post_llm)) { return state.SkipWithError("it has a post_llm"); }
  for (auto _ : state) { benchmark::DoNotOptimize((*module)->has(Hook::post_llm)); }
}
BENCHMARK(no_hook);

void fresh_instance(benchmark::State& state) {
  const auto module = load();
  if (!module) { return state.SkipWithError(module.error().detail.c_str()); }
  for (auto _ : state) {
    Instance instance(*module);
    if (!instance.warm_up(Hook::pre_http)) { state.SkipWithError("no instance"); }
  }
}
BENCHMARK(fresh_instance)->UseRealTime();

/// There and back by a helper thread.
void hook_on_a_thread(benchmark::State& state) {
  const auto module = load();
  if (!module) { return state.SkipWithError(module.error().detail.c_str()); }
  log::Sink sink(2);
  Pool pool(*module, 1, sink, log::Level::error);
  const std::string body = body_of(1 << 10);
  InputWriter writer;
  std::atomic<std::uint64_t> answers = 0;
  std::uint64_t asked = 0;
  for (auto _ : state) {
    const auto ticket = pool.run(Hook::pre_http, std::string(*writer.write(input_of(body), {})), "",
                                 [&answers](const auto& result) {
                                   answers += result ? 1 : 0;
                                   answers.notify_one();
                                 });
    answers.wait(asked++);
  }
  if (answers != asked) { state.SkipWithError("the hook failed"); }
}
BENCHMARK(hook_on_a_thread)->UseRealTime();

void compile(benchmark::State& state) {
  for (auto _ : state) {
    if (const auto module = load(); !module) {
      return state.SkipWithError(module.error().detail.c_str());
    }
  }
}
BENCHMARK(compile)->Iterations(3)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
