#include "dialect/messages_usage.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace butter::dialect {

namespace {

/// null leaves the count as it is.
void count(json::Cursor& at, std::uint64_t& into) {
  const std::string_view text = at.value();
  std::from_chars(text.data(), text.data() + text.size(), into);
}

void number(json::Writer& writer, std::string_view key, std::uint64_t value) {
  writer.key(key).number(static_cast<std::int64_t>(value));
}

}  // namespace

void MessagesUsage::read(json::Cursor& at) {
  at.object([&](json::Key key) {
    if (key == "input_tokens") {
      count(at, input_);
    } else if (key == "cache_read_input_tokens") {
      count(at, read_);
    } else if (key == "cache_creation_input_tokens") {
      count(at, written_);
    } else if (key == "output_tokens") {
      count(at, output_);
    } else if (key == "output_tokens_details") {
      at.object([&](json::Key inner) {
        inner == "thinking_tokens" ? count(at, thinking_) : at.skip_value();
      });
    } else {
      at.skip_value();
    }
  });
}

Usage MessagesUsage::total() const noexcept {
  return {.input = input_ + read_ + written_,
          .cached = read_,
          .cache_write = written_,
          .output = output_,
          .reasoning = thinking_};
}

void write_messages_usage(const Usage& usage, json::Writer& writer) {
  const std::uint64_t from_cache = std::min(usage.cached, usage.input);
  const std::uint64_t to_cache = std::min(usage.cache_write, usage.input - from_cache);
  writer.begin_object();
  number(writer, "input_tokens", usage.input - from_cache - to_cache);
  number(writer, "cache_creation_input_tokens", to_cache);
  number(writer, "cache_read_input_tokens", from_cache);
  number(writer, "output_tokens", usage.output);
  if (usage.reasoning != 0) {
    writer.key("output_tokens_details").begin_object();
    number(writer, "thinking_tokens", usage.reasoning);
    writer.end_object();
  }
  writer.end_object();
}

}  // namespace butter::dialect
