// Question: what does a translation to and from Gemini cost? Budget: 500 ns for each event of a
// stream; 150 ns for each KB of a request.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "dialect/dialects.h"

namespace {

using namespace butter;
using namespace butter::dialect;

const std::string kEvent =
    R"(data: {"candidates": [{"content": {"parts": [{"text": " word"}],"role": "model"},"index": 0}],)"
    R"("usageMetadata": {"promptTokenCount": 8,"candidatesTokenCount": 12,"totalTokenCount": 20,)"
    R"("promptTokensDetails": [{"modality": "TEXT","tokenCount": 8}]},)"
    R"("modelVersion": "gemini-2.5-flash","responseId": "AbCdEfGhIjKlMnOpQr"})"
    "\r\n\r\n";

struct Counting final : AnswerSink {
  std::size_t pieces = 0;
  void start(const AnswerStart&) override {}
  void delta(const Delta& delta) override { pieces += delta.text.escaped == " word" ? 1 : 0; }
  void finish(const Finish&) override {}
  void usage(const Usage&) override {}
  void end() override {}
  void error(const AnswerError&) override {}
};

void stream_event(benchmark::State& state) {
  const auto reader = kGeminiProvider.make_reader();
  Counting sink;
  std::size_t fed = 0;
  for (auto _ : state) {
    if (!reader->feed(kEvent, sink)) { state.SkipWithError("no answer"); }
    ++fed;
  }
  if (sink.pieces != fed) { state.SkipWithError("a piece is missing"); }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kEvent.size()));
}
BENCHMARK(stream_event);

/// Turns of one KB each.
void request(benchmark::State& state) {
  const std::string text(1024, 'x');
  Conversation asked;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    asked.turns.push_back(
        {.role = i % 2 == 0 ? Role::user : Role::assistant, .parts = {{.text = {text}}}});
  }
  Buffer out;
  for (auto _ : state) {
    out.clear();
    if (!kGeminiProvider.write_request(asked, {.model = "gemini-2.5-flash"}, out)) {
      state.SkipWithError("no request");
    }
    benchmark::DoNotOptimize(out.data());
  }
  if (out.size() < text.size() * asked.turns.size()) { state.SkipWithError("text is missing"); }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(out.size()));
}
BENCHMARK(request)->Arg(1)->Arg(64);

}  // namespace
