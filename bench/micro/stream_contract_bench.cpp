// Question: what does the look into each event of a stream cost? Budget: 150 ns for a chat chunk of
// 250 bytes once the answer has begun; 1 us before that, where it happens a few times a stream.
#include <benchmark/benchmark.h>

#include <string>

#include "provider/stream_contract.h"

namespace {

using butter::provider::EventKind;
using butter::provider::Operation;
using butter::provider::StreamContract;

const std::string kChunk =
    R"(data: {"id":"chatcmpl-AbCdEfGhIjKlMnOpQrStUvWxYz012","object":"chat.completion.chunk",)"
    R"("created":1700000000,"model":"gpt-4o-2024-08-06","system_fingerprint":"fp_0123456789",)"
    R"("choices":[{"index":0,"delta":{"content":" word"},"logprobs":null,"finish_reason":null}]})"
    "\n\n";

const std::string kRole =
    R"(data: {"id":"chatcmpl-AbCdEfGhIjKlMnOpQrStUvWxYz012","object":"chat.completion.chunk",)"
    R"("created":1700000000,"model":"gpt-4o-2024-08-06","system_fingerprint":"fp_0123456789",)"
    R"("choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]})"
    "\n\n";

const std::string kDelta =
    "event: content_block_delta\n"
    R"(data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" word"}})"
    "\n\n";

/// \param first  the event that comes before those that are measured
void events(benchmark::State& state, Operation operation, const std::string& first,
            const std::string& event, EventKind expected) {
  StreamContract contract(operation);
  (void)contract.on_event(first);
  for (auto _ : state) {
    const EventKind kind = contract.on_event(event);
    if (kind != expected) { state.SkipWithError("wrong kind"); }
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(event.size()));
}

BENCHMARK_CAPTURE(events, chat_begun, Operation::chat, kChunk, kChunk, EventKind::content);
BENCHMARK_CAPTURE(events, chat_held, Operation::chat, kRole, kRole, EventKind::neutral);
BENCHMARK_CAPTURE(events, messages_begun, Operation::messages, kDelta, kDelta, EventKind::content);
BENCHMARK_CAPTURE(events, other, Operation::other, kChunk, kChunk, EventKind::content);

}  // namespace
