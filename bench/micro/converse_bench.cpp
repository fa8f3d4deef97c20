// Question: what does a translation to and from Bedrock's Converse cost? Budget: 400 ns for each
// event of a stream, CRCs included; 150 ns for each KB of a request.
#include <benchmark/benchmark.h>

#include <string>

#include "request_writing.h"
#include "support/event_stream.h"

namespace {

using namespace butter;
using namespace butter::dialect;

void stream_event(benchmark::State& state) {
  const std::string start = test::event_stream_event("messageStart", R"({"role":"assistant"})");
  const std::string event = test::event_stream_event(
      "contentBlockDelta",
      R"({"contentBlockIndex":0,"delta":{"text":" word"},"p":"abcdefghijkl"})");
  Buffer out;
  const auto writer = kChatCaller.make_writer(out, {.stream = true, .id = "bench"});
  const auto reader = kConverseProvider.make_reader();
  (void)reader->feed(start, *writer);
  (void)reader->feed(event, *writer);
  for (auto _ : state) {
    out.clear();
    if (!reader->feed(event, *writer) || out.empty()) { state.SkipWithError("not translated"); }
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(event.size()));
}
BENCHMARK(stream_event);

void request(benchmark::State& state) {
  write_requests(state, kConverseProvider, "amazon.nova-pro-v1:0");
}
BENCHMARK(request)->Arg(1)->Arg(64);

}  // namespace
