// Question: what does finding model, stream and provider in a chat body cost, and changing the
// model? Budget: 0.6 us at 2 KiB, 35 us at 200 KiB; 0.1 us for a change, whatever the size of the
// body.

#include <benchmark/benchmark.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "json/scan.h"
#include "json/splice.h"

namespace {

using namespace butter::json;

/// A chat of at least `size` bytes: short messages with the escapes that texts have.
std::string chat_body(std::size_t size) {
  std::string body =
      R"({"model":"gpt-4o-mini","stream":true,"temperature":0.7,"max_tokens":512,)"
      R"("top_p":1,"user":"u-17","messages":[{"role":"system","content":"Be brief."})";
  const std::string_view turn =
      R"(,{"role":"user","content":"Explain \"event loops\" in two sentences,\nplease. )"
      R"(They wait for many descriptors at once, and call back who can go on; no thread has to )"
      R"(wait for one of them alone, which is why one is enough for a core.\n\t- first\n\t- second"})";
  while (body.size() + 2 < size) { body += turn; }
  return body + "]}";
}

void json_scan(benchmark::State& state) {
  const std::string body = chat_body(static_cast<std::size_t>(state.range(0)));
  RequestScanner scanner;
  for (auto _ : state) {
    const auto scan = scanner.scan(body);
    if (!scan || scan->model_name != "gpt-4o-mini" || !scan->stream_on) {
      state.SkipWithError("wrong scan");
      break;
    }
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(body.size()));
}
// 1 KiB: the mean of what is measured elsewhere; 200 KiB: an agent's long history; 2 MiB: an image.
BENCHMARK(json_scan)->Arg(1 << 10)->Arg(2 << 10)->Arg(17 << 10)->Arg(200 << 10)->Arg(2 << 20);

void json_splice(benchmark::State& state) {
  const std::string body = chat_body(static_cast<std::size_t>(state.range(0)));
  RequestScanner scanner;
  const auto scan = scanner.scan(body);
  Splice splice;
  std::array<std::string_view, 2 * Splice::kMost + 1> pieces;
  std::size_t size = 0;
  for (auto _ : state) {
    splice.clear();
    splice.replace(scan->model, R"("gpt-4o")");
    splice.append(*scan, R"("stream_options":{"include_usage":true})");
    benchmark::DoNotOptimize(splice.pieces(body, pieces));
    size = splice.size_after(body.size());
  }
  constexpr std::size_t kAdded =
      std::string_view(R"(,"stream_options":{"include_usage":true})").size();
  constexpr std::size_t kShorter = std::string_view("-mini").size();
  if (size != body.size() + kAdded - kShorter) { state.SkipWithError("wrong size"); }
}
BENCHMARK(json_splice)->Arg(2 << 10)->Arg(200 << 10);

}  // namespace
