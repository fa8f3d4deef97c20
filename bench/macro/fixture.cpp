#include "fixture.h"

#include <algorithm>
#include <charconv>

namespace butter::bench {

namespace {

constexpr std::string_view kStampMark = "\":\"@";
constexpr std::size_t kMostTranslated = 512;
constexpr std::size_t kStampDigits = 19;  // the most a positive 64-bit integer has

/// `head`, as many letters as make `bytes` of the whole, `tail`.
std::string padded(std::string_view head, std::string_view tail, std::size_t bytes) {
  std::string text(head);
  const std::size_t fixed = head.size() + tail.size();
  for (std::size_t i = fixed; i < bytes; ++i) {
    text += i % 8 == 0 ? ' ' : static_cast<char>('a' + i % 26);
  }
  return text.append(tail);
}

void read_number(std::string_view text, std::string_view name, std::int64_t& number) {
  const std::size_t at = text.find(name);
  if (at == std::string_view::npos) { return; }
  std::from_chars(text.data() + at + name.size(), text.data() + text.size(), number);
}

constexpr std::string_view kChatEvent =
    R"(data: {"id":"chatcmpl-bench","object":"chat.completion.chunk",)"
    R"("created":1700000000,"model":"bench",)"
    R"("choices":[{"index":0,"delta":{"content":"@0000000000000000000)";

constexpr std::string_view kMessagesEvent =
    "event: content_block_delta\n"
    R"(data: {"type":"content_block_delta","index":0,)"
    R"("delta":{"type":"text_delta","text":"@0000000000000000000)";

std::string event(EventText::Kind kind, std::size_t bytes) {
  switch (kind) {
    case EventText::Kind::middle:
      return padded(kChatEvent, "\"},\"finish_reason\":null}]}\n\n", bytes);
    case EventText::Kind::last:
      return padded(kChatEvent, "\"},\"finish_reason\":\"stop\"}]}\n\n", bytes);
    case EventText::Kind::messages: return padded(kMessagesEvent, "\"}}\n\n", bytes);
  }
  __builtin_unreachable();
}

}  // namespace

const std::string_view kMessagesStart =
    "event: message_start\n"
    R"(data: {"type":"message_start","message":{"id":"msg_bench","type":"message",)"
    R"("role":"assistant","model":"bench","content":[],"stop_reason":null,)"
    R"("stop_sequence":null,"usage":{"input_tokens":10,"output_tokens":1}}})"
    "\n\nevent: content_block_start\n"
    R"(data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})"
    "\n\n";

const std::string_view kMessagesEnd =
    "event: content_block_stop\n"
    R"(data: {"type":"content_block_stop","index":0})"
    "\n\nevent: message_delta\n"
    R"(data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},)"
    R"("usage":{"output_tokens":5}})"
    "\n\nevent: message_stop\n"
    R"(data: {"type":"message_stop"})"
    "\n\n";

std::string request_body(const Shape& shape, std::size_t bytes) {
  std::string head = shape.translated ? R"({"model":"anthropic/bench")" : R"({"model":"bench")";
  if (shape.translated) { bytes = std::min(bytes, kMostTranslated); }
  if (shape.chunks > 0) { head += R"(,"stream":true)"; }
  head += R"(,"user":"answer=)" + std::to_string(shape.answer_bytes) +
          " chunks=" + std::to_string(shape.chunks) +
          " chunk_bytes=" + std::to_string(shape.chunk_bytes) +
          " gap_ns=" + std::to_string(shape.gap) + '"';
  return padded(head + R"(,"messages":[{"role":"user","content":")", R"("}]})", bytes);
}

Shape shape_of(std::string_view body, const Shape& defaults) {
  constexpr std::string_view kUser = R"("user":")";
  constexpr std::string_view kUserId = R"("user_id":")";
  const bool translated = body.find(kUserId) != std::string_view::npos;
  const std::string_view name = translated ? kUserId : kUser;
  const std::size_t begin = body.find(name);
  const std::string_view rest =
      begin == std::string_view::npos ? std::string_view() : body.substr(begin + name.size());
  const std::string_view user = rest.substr(0, rest.find('"'));
  std::int64_t answer = static_cast<std::int64_t>(defaults.answer_bytes);
  std::int64_t chunks = static_cast<std::int64_t>(defaults.chunks);
  std::int64_t chunk_bytes = static_cast<std::int64_t>(defaults.chunk_bytes);
  Shape shape = defaults;
  shape.translated = translated;
  read_number(user, "answer=", answer);
  read_number(user, "chunks=", chunks);
  read_number(user, "chunk_bytes=", chunk_bytes);
  read_number(user, "gap_ns=", shape.gap);
  shape.answer_bytes = static_cast<std::size_t>(answer);
  shape.chunk_bytes = static_cast<std::size_t>(chunk_bytes);
  shape.chunks = 0;
  if (body.find(R"("stream":true)") != std::string_view::npos) {
    shape.chunks = static_cast<std::size_t>(std::max<std::int64_t>(chunks, 1));
  }
  return shape;
}

std::string completion(std::size_t bytes) {
  return padded(
      R"({"id":"chatcmpl-bench","object":"chat.completion","created":1700000000,)"
      R"("model":"bench","choices":[{"index":0,"message":{"role":"assistant","content":")",
      R"("},"finish_reason":"stop"}],)"
      R"("usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}})",
      bytes);
}

EventText::EventText(Kind kind, std::size_t bytes)
    : text_(event(kind, bytes)), stamp_at_(text_.find(kStampMark) + kStampMark.size()) {}

std::string_view EventText::stamped(Nanos now) {
  for (std::size_t digit = kStampDigits; digit-- > 0; now /= 10) {
    text_[stamp_at_ + digit] = static_cast<char>('0' + now % 10);
  }
  return text_;
}

Nanos stamp_in(std::string_view event) noexcept {
  const std::size_t at = event.find(kStampMark);
  if (at == std::string_view::npos || event.size() < at + kStampMark.size() + kStampDigits) {
    return -1;
  }
  Nanos time = -1;
  const char* const digits = event.data() + at + kStampMark.size();
  std::from_chars(digits, digits + kStampDigits, time);
  return time;
}

}  // namespace butter::bench
