#include "dialect/responses_usage.h"

#include <charconv>
#include <string_view>

namespace butter::dialect {

namespace {

void read_count(json::Cursor& at, std::uint64_t& into) {
  const std::string_view text = at.value();
  std::from_chars(text.data(), text.data() + text.size(), into);
}

void write_count(std::string_view key, std::uint64_t tokens, json::Writer& writer) {
  writer.key(key).number(static_cast<std::int64_t>(tokens));
}

}  // namespace

Usage read_responses_usage(json::Cursor& at) {
  Usage usage;
  const auto input_details = [&](std::string_view key) {
    if (key == "cached_tokens") {
      read_count(at, usage.cached);
    } else if (key == "cache_write_tokens") {
      read_count(at, usage.cache_write);
    } else {
      at.skip_value();
    }
  };
  const auto output_details = [&](std::string_view key) {
    key == "reasoning_tokens" ? read_count(at, usage.reasoning) : at.skip_value();
  };
  at.object([&](std::string_view key) {
    if (key == "input_tokens") {
      read_count(at, usage.input);
    } else if (key == "input_tokens_details") {
      at.object(input_details);
    } else if (key == "output_tokens") {
      read_count(at, usage.output);
    } else if (key == "output_tokens_details") {
      at.object(output_details);
    } else {
      at.skip_value();
    }
  });
  return usage;
}

void write_responses_usage(const Usage& usage, json::Writer& writer) {
  writer.begin_object();
  write_count("input_tokens", usage.input, writer);
  writer.key("input_tokens_details").begin_object();
  write_count("cached_tokens", usage.cached, writer);
  write_count("cache_write_tokens", usage.cache_write, writer);
  writer.end_object();
  write_count("output_tokens", usage.output, writer);
  writer.key("output_tokens_details").begin_object();
  write_count("reasoning_tokens", usage.reasoning, writer);
  writer.end_object();
  write_count("total_tokens", usage.input + usage.output, writer);
  writer.end_object();
}

}  // namespace butter::dialect
