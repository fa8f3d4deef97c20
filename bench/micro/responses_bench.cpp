// Question: what does a translation from and to a responses caller cost? Budget: 150 ns for each
// delta of a stream; 900 ns for each KB of a request.
#include <benchmark/benchmark.h>

#include <string>

#include "dialect/dialects.h"

namespace {

using namespace butter;
using namespace butter::dialect;

void stream_delta(benchmark::State& state) {
  Buffer out;
  const auto writer = kResponsesCaller.make_writer(out, {.stream = true, .id = "bench"});
  writer->start({});
  std::size_t written = 0;
  constexpr Delta kWord{.kind = Delta::Kind::text, .text = {" word"}};
  for (auto _ : state) {
    out.clear();
    writer->delta(kWord);
    written = out.size();
  }
  if (!writer->begun() || out.view().find("\"delta\":\" word\"") == std::string_view::npos) {
    state.SkipWithError("a piece is missing");
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(written));
}
BENCHMARK(stream_delta);

/// Messages of one KB each.
void request(benchmark::State& state) {
  std::string body = R"({"model":"m","input":[)";
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    body += i == 0 ? "" : ",";
    body += i % 2 == 0 ? R"({"role":"user","content":[{"type":"input_text","text":")"
                       : R"({"role":"assistant","content":[{"type":"output_text","text":")";
    body += std::string(1024, 'x') + R"("}]})";
  }
  body += "]}";
  for (auto _ : state) {
    Conversation asked;
    if (!kResponsesCaller.read_request(body, asked) ||
        asked.turns.size() != static_cast<std::size_t>(state.range(0))) {
      state.SkipWithError("no conversation");
    }
    benchmark::DoNotOptimize(asked.turns.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(body.size()));
}
BENCHMARK(request)->Arg(1)->Arg(64);

}  // namespace
