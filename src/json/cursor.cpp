#include "json/cursor.h"

#include <algorithm>

namespace butter::json {

namespace {

bool ends_scalar(char c) noexcept {
  return c == ',' || c == '}' || c == ']' || c == ':' || c == ' ' || c == '\n' || c == '\r' ||
         c == '\t';
}

}  // namespace

void Cursor::skip_space() noexcept {
  constexpr std::string_view kData = "data:";
  while (at_ != end_) {
    const char c = *at_;
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') { return; }
    ++at_;
    const bool line_end = c == '\n' || c == '\r';
    if (line_end && std::string_view(at_, end_).starts_with(kData)) { at_ += kData.size(); }
  }
}

void Cursor::skip_string() noexcept {
  for (++at_; at_ < end_; ++at_) {
    if (*at_ == '"') {
      ++at_;
      return;
    }
    if (*at_ == '\\' && at_ + 1 != end_) { ++at_; }
  }
  (void)fail();
}

void Cursor::skip_container() noexcept {
  std::size_t depth = 0;
  while (at_ < end_) {
    switch (*at_) {
      case '"': skip_string(); continue;
      case '{':
      case '[': ++depth; break;
      case '}':
      case ']': --depth; break;
      default: break;
    }
    ++at_;
    if (depth == 0) { return; }
  }
  (void)fail();
}

void Cursor::skip_value() noexcept {
  const char first = peek();
  if (first == '"') { return skip_string(); }
  if (first == '{' || first == '[') { return skip_container(); }
  const char* const begin = at_;
  while (at_ != end_ && !ends_scalar(*at_)) { ++at_; }
  if (at_ == begin) { (void)fail(); }
}

std::string_view Cursor::value() noexcept {
  (void)peek();
  const char* const begin = at_;
  skip_value();
  return ok_ ? std::string_view(begin, at_) : std::string_view{};
}

bool Cursor::skip_empty() noexcept {
  const char first = peek();
  const char* const begin = at_;
  skip_value();
  switch (first) {
    case '"': return at_ - begin == 2;
    case '{':
    case '[':
      return std::none_of(begin + 1, std::max(begin + 1, at_ - 1),
                          [](char c) { return !ends_scalar(c); });
    case 'n':
    case 'f': return true;
    default: return false;
  }
}

std::string_view Cursor::string() noexcept {
  const bool is_string = peek() == '"';
  const char* const begin = at_ + 1;
  skip_value();
  if (!is_string || !ok_) { return {}; }
  return {begin, static_cast<std::size_t>(at_ - 1 - begin)};
}

unsigned Cursor::small_number() noexcept {
  constexpr unsigned kMost = 63;
  unsigned value = 0;
  skip_space();
  const char* digit = at_;
  for (; digit != end_ && *digit >= '0' && *digit <= '9'; ++digit) {
    value = std::min(kMost, value * 10 + static_cast<unsigned>(*digit - '0'));
  }
  skip_value();
  return value;
}

bool Cursor::take(char expected) noexcept {
  if (peek() != expected) {
    (void)fail();
    return false;
  }
  ++at_;
  return true;
}

bool Cursor::closes(char bracket) noexcept {
  if (peek() != bracket) { return false; }
  ++at_;
  return true;
}

std::string_view Cursor::fail() noexcept {
  ok_ = false;
  at_ = end_;
  return {};
}

}  // namespace butter::json
