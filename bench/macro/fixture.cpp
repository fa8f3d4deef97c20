#include "fixture.h"

#include <algorithm>
#include <charconv>

namespace butter::bench {

namespace {

constexpr std::string_view kStampMark = "\"content\":\"@";
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

}  // namespace

std::string request_body(const Shape& shape, std::size_t bytes) {
  std::string head = R"({"model":"bench")";
  if (shape.chunks > 0) { head += R"(,"stream":true)"; }
  head += R"(,"user":"answer=)" + std::to_string(shape.answer_bytes) +
          " chunks=" + std::to_string(shape.chunks) +
          " chunk_bytes=" + std::to_string(shape.chunk_bytes) +
          " gap_ns=" + std::to_string(shape.gap) + '"';
  return padded(head + R"(,"messages":[{"role":"user","content":")", R"("}]})", bytes);
}

Shape shape_of(std::string_view body, const Shape& defaults) {
  constexpr std::string_view kUser = R"("user":")";
  const std::size_t begin = body.find(kUser);
  const std::string_view rest =
      begin == std::string_view::npos ? std::string_view() : body.substr(begin + kUser.size());
  const std::string_view user = rest.substr(0, rest.find('"'));
  std::int64_t answer = static_cast<std::int64_t>(defaults.answer_bytes);
  std::int64_t chunks = static_cast<std::int64_t>(defaults.chunks);
  std::int64_t chunk_bytes = static_cast<std::int64_t>(defaults.chunk_bytes);
  Shape shape = defaults;
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
    : text_(padded(R"(data: {"id":"chatcmpl-bench","object":"chat.completion.chunk",)"
                   R"("created":1700000000,"model":"bench",)"
                   R"("choices":[{"index":0,"delta":{"content":"@0000000000000000000)",
                   kind == Kind::last ? "\"},\"finish_reason\":\"stop\"}]}\n\n"
                                      : "\"},\"finish_reason\":null}]}\n\n",
                   bytes)),
      stamp_at_(text_.find(kStampMark) + kStampMark.size()) {}

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
