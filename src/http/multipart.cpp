#include "http/multipart.h"

#include <algorithm>
#include <utility>

#include "base/strings.h"
#include "http/chars.h"
#include "http/media_type.h"
#include "http/parameters.h"

namespace butter::http {
namespace {

// RFC 2046, section 5.1.1: bcharsnospace, and blanks inside.
bool is_boundary(std::string_view text) noexcept {
  constexpr std::size_t kMostBoundary = 70;
  constexpr std::string_view kPunctuation = "'()+_,-./:=? ";
  const auto allowed = [&](char c) {
    const char lower = to_lower(c);
    return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z') ||
           kPunctuation.find(c) != std::string_view::npos;
  };
  return !text.empty() && text.size() <= kMostBoundary && text.back() != ' ' &&
         std::ranges::all_of(text, allowed);
}

}  // namespace

std::optional<std::string> boundary_of(std::string_view content_type) {
  if (!iequals(media_type(content_type), "multipart/form-data")) { return std::nullopt; }
  const std::size_t end = std::min(content_type.find(';'), content_type.size());
  ParameterReader parameters(content_type.substr(end));
  std::optional<std::string> boundary;
  while (auto parameter = parameters.next()) {
    if (!iequals(parameter->name, "boundary")) { continue; }
    if (boundary || parameter->escaped || !is_boundary(parameter->value)) { return std::nullopt; }
    boundary = std::move(parameter->value);
  }
  return parameters.bad() ? std::nullopt : boundary;
}

MultipartScanner::MultipartScanner(const std::string& boundary) : delimiter_("\r\n--" + boundary) {}

MultipartScanner::State MultipartScanner::feed(std::string_view bytes) {
  while (!bytes.empty() && place_ != Place::epilogue && place_ != Place::bad) {
    std::size_t used = 1;
    if (place_ == Place::content) {
      used = read_content(bytes);
    } else {
      ++offset_;
      place_ = after_byte(bytes.front());
    }
    bytes.remove_prefix(used);
  }
  return state();
}

MultipartScanner::State MultipartScanner::state() const noexcept {
  switch (place_) {
    case Place::content:
    case Place::after_boundary:
    case Place::after_cr:
    case Place::after_dash:
    case Place::head: return State::reading;
    case Place::closed:
    case Place::closed_cr:
    case Place::epilogue: return State::ended;
    case Place::bad: break;
  }
  return State::bad;
}

std::size_t MultipartScanner::read_content(std::string_view bytes) {
  if (matched_ == 0) {
    const std::size_t plain = std::min(bytes.find('\r'), bytes.size());
    keep(bytes.substr(0, plain));
    if (plain > 0) {
      offset_ += plain;
      return plain;
    }
  }
  // CR is the delimiter's first byte and in no other place of it: a match that fails starts anew at
  // the byte that failed.
  std::size_t used = 0;
  while (used < bytes.size() && matched_ < delimiter_.size() &&
         bytes[used] == delimiter_[matched_]) {
    ++used;
    ++matched_;
  }
  offset_ += used;
  if (matched_ == delimiter_.size()) {
    place_ = end_content();
  } else if (used < bytes.size()) {
    keep(std::string_view(delimiter_).substr(assumed_, matched_ - assumed_));
    matched_ = 0;
    assumed_ = 0;
  }
  return used;
}

void MultipartScanner::keep(std::string_view bytes) {
  if (field_ == PartField::other) { return; }
  if (held_.size() + bytes.size() > kMostValue) {
    place_ = Place::bad;
    return;
  }
  held_ += bytes;
}

MultipartScanner::Place MultipartScanner::end_content() {
  // A boundary right behind a part's head: some receivers see an empty part, some see content.
  if (in_part_ && assumed_ > 0) { return Place::bad; }
  if (field_ == PartField::model) {
    model_ = Value{
        .begin = content_begin_, .end = offset_ - delimiter_.size(), .text = std::move(held_)};
  } else if (field_ == PartField::stream) {
    stream_ = held_ == "1" || iequals(held_, "true");
  }
  held_.clear();
  return Place::after_boundary;
}

MultipartScanner::Place MultipartScanner::after_byte(char c) {
  switch (place_) {
    case Place::after_boundary:
      if (c == '-') { return Place::after_dash; }
      return c == '\r' ? Place::after_cr : Place::bad;
    case Place::after_cr: return c == '\n' ? Place::head : Place::bad;
    case Place::after_dash: return c == '-' ? Place::closed : Place::bad;
    case Place::closed: return c == '\r' ? Place::closed_cr : Place::bad;
    case Place::closed_cr: return c == '\n' ? Place::epilogue : Place::bad;
    case Place::head:
      held_ += c;
      if (held_.ends_with("\r\n\r\n") || held_ == "\r\n") { return begin_content(); }
      return held_.size() < kMostHead ? Place::head : Place::bad;
    case Place::content:
    case Place::epilogue:
    case Place::bad: break;
  }
  return Place::bad;  // not reached: these places take no single bytes
}

MultipartScanner::Place MultipartScanner::begin_content() {
  const std::optional<PartField> field = parse_part_head(held_);
  if (!field || (*field == PartField::model && model_) ||
      (*field == PartField::stream && seen_stream_)) {
    return Place::bad;
  }
  field_ = *field;
  seen_stream_ = seen_stream_ || field_ == PartField::stream;
  held_.clear();
  in_part_ = true;
  content_begin_ = offset_;
  assumed_ = matched_ = kAssumed;
  return Place::content;
}

}  // namespace butter::http
