// Question: what does it cost to translate between chat and messages? Budget: 2500 ns for 1 KiB of
// a request in short turns, either way; for an event of a stream 250 ns to chat, 500 ns to
// messages.
#include <benchmark/benchmark.h>

#include <string>
#include <string_view>

#include "dialect/dialects.h"

namespace {

using namespace butter;

constexpr std::string_view kMessagesStart =
    "event: message_start\n"
    R"(data: {"type":"message_start","message":{"id":"msg_01AbCdEfGhIjKlMnOpQrStUv","type":"message",)"
    R"("role":"assistant","model":"claude-sonnet-4-5-20250929","content":[],"stop_reason":null,)"
    R"("stop_sequence":null,"usage":{"input_tokens":25,"output_tokens":1}}})"
    "\n\nevent: content_block_start\n"
    R"(data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})"
    "\n\n";

constexpr std::string_view kMessagesEvent =
    "event: content_block_delta\n"
    R"(data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" word"}})"
    "\n\n";

constexpr std::string_view kChatEvent =
    R"(data: {"id":"chatcmpl-AbCdEfGhIjKlMnOpQrStUvWxYz012","object":"chat.completion.chunk",)"
    R"("created":1700000000,"model":"gpt-4o-2024-08-06","system_fingerprint":"fp_0123456789",)"
    R"("choices":[{"index":0,"delta":{"content":" word"},"logprobs":null,"finish_reason":null}]})"
    "\n\n";

std::string request(std::size_t turns) {
  std::string body = R"({"model":"m","max_tokens":1024,"temperature":0.7,"messages":[)";
  for (std::size_t i = 0; i < turns; ++i) {
    body += R"({"role":"user","content":"Tell me of the weather in \"Paris\" today, and why."},)"
            R"({"role":"assistant","content":"It is warm there.\nIt comes from the south."},)";
  }
  return body + R"({"role":"user","content":"Go on."}]})";
}

void translate_request(benchmark::State& state, const dialect::CallerDialect& caller,
                       const dialect::ProviderDialect& provider) {
  const std::string body = request(static_cast<std::size_t>(state.range(0)));
  Buffer out;
  for (auto _ : state) {
    dialect::Conversation asked;
    out.clear();
    const bool ok = caller.read_request(body, asked).has_value() &&
                    provider.write_request(asked, {.model = "m"}, out).has_value();
    if (!ok || out.size() < body.size() / 2) { state.SkipWithError("not translated"); }
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(body.size()));
}

void translate_event(benchmark::State& state, const dialect::CallerDialect& caller,
                     const dialect::ProviderDialect& provider, std::string_view start,
                     std::string_view event) {
  Buffer out;
  const auto writer = caller.make_writer(out, {.stream = true});
  const auto reader = provider.make_reader();
  (void)reader->feed(start, *writer);
  (void)reader->feed(event, *writer);
  for (auto _ : state) {
    out.clear();
    if (!reader->feed(event, *writer) || out.empty()) { state.SkipWithError("not translated"); }
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(event.size()));
}

void chat_to_messages(benchmark::State& state) {
  translate_request(state, dialect::kChatCaller, dialect::kMessagesProvider);
}
void messages_to_chat(benchmark::State& state) {
  translate_request(state, dialect::kMessagesCaller, dialect::kChatProvider);
}
void event_of_messages_to_chat(benchmark::State& state) {
  translate_event(state, dialect::kChatCaller, dialect::kMessagesProvider, kMessagesStart,
                  kMessagesEvent);
}
void event_of_chat_to_messages(benchmark::State& state) {
  translate_event(state, dialect::kMessagesCaller, dialect::kChatProvider, kChatEvent, kChatEvent);
}

BENCHMARK(chat_to_messages)->Arg(5)->Arg(500);
BENCHMARK(messages_to_chat)->Arg(5)->Arg(500);
BENCHMARK(event_of_messages_to_chat);
BENCHMARK(event_of_chat_to_messages);

}  // namespace
