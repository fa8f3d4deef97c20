#include "dialect/chat_usage.h"

#include <charconv>
#include <string_view>
#include <utility>

namespace butter::dialect {

namespace {

std::uint64_t count(json::Cursor& at) {
  const std::string_view text = at.value();
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

void number(json::Writer& writer, std::string_view key, std::uint64_t value) {
  writer.key(key).number(static_cast<std::int64_t>(value));
}

}  // namespace

Usage read_chat_usage(json::Cursor& at) {
  Usage usage;
  const auto prompt = [&](json::Key key) {
    if (key == "cached_tokens") {
      usage.cached = count(at);
    } else if (key == "cache_write_tokens") {
      usage.cache_write = count(at);
    } else if (key == "audio_tokens") {
      usage.audio_in = count(at);
    } else {
      at.skip_value();
    }
  };
  const auto completion = [&](json::Key key) {
    if (key == "reasoning_tokens") {
      usage.reasoning = count(at);
    } else if (key == "audio_tokens") {
      usage.audio_out = count(at);
    } else {
      at.skip_value();
    }
  };
  at.object([&](json::Key key) {
    if (key == "prompt_tokens") {
      usage.input = count(at);
    } else if (key == "completion_tokens") {
      usage.output = count(at);
    } else if (key == "prompt_tokens_details") {
      at.object(prompt);
    } else if (key == "completion_tokens_details") {
      at.object(completion);
    } else if (key == "prompt_cache_hit_tokens") {  // DeepSeek's
      usage.cached = count(at);
    } else {
      at.skip_value();
    }
  });
  return usage;
}

void write_chat_usage(const Usage& usage, json::Writer& writer) {
  writer.begin_object();
  number(writer, "prompt_tokens", usage.input);
  number(writer, "completion_tokens", usage.output);
  number(writer, "total_tokens", usage.input + usage.output);
  writer.key("prompt_tokens_details").begin_object();
  number(writer, "cached_tokens", usage.cached);
  if (usage.cache_write != 0) { number(writer, "cache_write_tokens", usage.cache_write); }
  number(writer, "audio_tokens", usage.audio_in);
  writer.end_object().key("completion_tokens_details").begin_object();
  number(writer, "reasoning_tokens", usage.reasoning);
  number(writer, "audio_tokens", usage.audio_out);
  writer.end_object().end_object();
}

}  // namespace butter::dialect
