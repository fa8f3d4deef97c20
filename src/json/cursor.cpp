#include "json/cursor.h"

#include <algorithm>

#include "json/skip.h"

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

void Cursor::skip_value() noexcept {
  const char first = peek();
  if (first == '"') { return go_to(end_of_string(at_ + 1, end_)); }
  if (first == '{' || first == '[') { return go_to(end_of_container(at_, end_)); }
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
  if (peek() == '"') { return string_here(); }
  skip_value();
  return {};
}

std::string_view Cursor::string_here() noexcept {
  const char* const begin = at_ + 1;
  go_to(end_of_string(begin, end_));
  return ok_ ? std::string_view(begin, at_ - 1) : std::string_view{};
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

std::string_view Cursor::fail() noexcept {
  ok_ = false;
  at_ = end_;
  return {};
}

}  // namespace butter::json
