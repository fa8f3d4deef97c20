#include "log/line.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>
#include <cstring>

#include "json/text.h"

namespace butter::log {

namespace {

constexpr std::size_t kLongestNumber = 32;  // "-1.7976931348623157e+308" has 24

[[maybe_unused]] bool is_name(std::string_view name) {
  return std::ranges::all_of(name,
                             [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

}  // namespace

std::string_view to_string(Level level) noexcept {
  switch (level) {
    case Level::debug: return "DEBUG";
    case Level::info: return "INFO";
    case Level::warn: return "WARN";
    case Level::error: return "ERROR";
  }
  __builtin_unreachable();
}

void LineWriter::begin(Level level, std::string_view message, WallTime time) {
  buffer_.append("{\"time\":\"");
  time_text_.append(buffer_, time);
  buffer_.append("\",\"level\":\"");
  buffer_.append(to_string(level));
  buffer_.append("\",\"msg\":");
  json::append_string(buffer_, message);
}

void LineWriter::add(const Field& field) {
  switch (field.kind) {
    case Field::Kind::text: return add(field.name, field.text);
    case Field::Kind::signed_number: return add(field.name, field.signed_number);
    case Field::Kind::unsigned_number: return add(field.name, field.unsigned_number);
    case Field::Kind::real: return add(field.name, field.real);
    case Field::Kind::truth: return add(field.name, field.truth);
  }
}

void LineWriter::add_name(std::string_view name) {
  assert(is_name(name));
  constexpr std::string_view kBefore = ",\"", kBehind = "\":";
  const std::size_t size = kBefore.size() + name.size() + kBehind.size();
  char* const at = buffer_.prepare(size);
  std::memcpy(at, kBefore.data(), kBefore.size());
  std::memcpy(at + kBefore.size(), name.data(), name.size());
  std::memcpy(at + size - kBehind.size(), kBehind.data(), kBehind.size());
  buffer_.commit(size);
}

template <class T>
void LineWriter::add_number(std::string_view name, T number) {
  add_name(name);
  char* const first = buffer_.prepare(kLongestNumber);
  const char* const end = std::to_chars(first, first + kLongestNumber, number).ptr;
  buffer_.commit(static_cast<std::size_t>(end - first));
}

void LineWriter::add(std::string_view name, std::string_view text) {
  add_name(name);
  json::append_string(buffer_, text);
}

void LineWriter::add(std::string_view name, std::int64_t number) {
  add_number(name, number);
}

void LineWriter::add(std::string_view name, std::uint64_t number) {
  add_number(name, number);
}

void LineWriter::add(std::string_view name, double number) {
  std::isfinite(number) ? add_number(name, number) : add_word(name, "null");
}

void LineWriter::add_word(std::string_view name, std::string_view word) {
  add_name(name);
  buffer_.append(word);
}

void LineWriter::end() {
  buffer_.append("}\n");
}

}  // namespace butter::log
