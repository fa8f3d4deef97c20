// Question: what does a translation to and from Gemini cost? Budget: 500 ns for each event of a
// stream; 150 ns for each KB of a request.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "request_writing.h"

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

void request(benchmark::State& state) {
  write_requests(state, kGeminiProvider, "gemini-2.5-flash");
}
BENCHMARK(request)->Arg(1)->Arg(64);

}  // namespace
