#include "http/sse.h"

#include <algorithm>
#include <bit>
#include <cstdint>

#include "base/block.h"

namespace butter::http {
namespace {

/// The first CR or LF from `p` on, nullptr when there is none.
const char* find_line_end(const char* p, const char* end) noexcept {
  for (; end - p >= Block::kSize; p += Block::kSize) {
    const std::uint32_t ends = Block(p).equal('\n', '\r');
    if (ends != 0) { return p + std::countr_zero(ends); }
  }
  p = std::find_if(p, end, [](char c) { return c == '\n' || c == '\r'; });
  return p != end ? p : nullptr;
}

/// Takes the next line off the front, without its end.
std::string_view take_line(std::string_view& block) noexcept {
  const char* const begin = block.data();
  const char* const end = begin + block.size();
  const char* const stop = find_line_end(begin, end);
  if (stop == nullptr) {
    block = {};
    return {begin, static_cast<std::size_t>(end - begin)};
  }
  const char* next = stop + 1;
  if (*stop == '\r' && next != end && *next == '\n') { ++next; }
  block = {next, static_cast<std::size_t>(end - next)};
  return {begin, static_cast<std::size_t>(stop - begin)};
}

}  // namespace

std::size_t SseScanner::next_end(std::string_view bytes) noexcept {
  const char* const begin = bytes.data();
  const char* const end = begin + bytes.size();
  const char* p = begin;
  while (p != end) {
    if (after_cr_) {
      after_cr_ = false;
      if (*p == '\n') {
        ++p;
        continue;
      }
    }
    const char* const stop = find_line_end(p, end);
    if (stop == nullptr) {
      line_empty_ = false;
      inside_ = true;
      return 0;
    }
    const bool blank = line_empty_ && stop == p;
    p = stop + 1;
    line_empty_ = true;
    after_cr_ = *stop == '\r';
    inside_ = !blank;
    if (!blank) { continue; }
    if (after_cr_ && p != end) {
      after_cr_ = false;
      if (*p == '\n') { ++p; }
    }
    return static_cast<std::size_t>(p - begin);
  }
  return 0;
}

SseEvent parse_sse_event(std::string_view block) noexcept {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  // The LF of an event that ended with its CR.
  if (block.starts_with('\n')) { block.remove_prefix(1); }
  if (block.starts_with(kByteOrderMark)) { block.remove_prefix(kByteOrderMark.size()); }
  SseEvent event;
  while (!block.empty()) {
    const std::string_view line = take_line(block);
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string_view field = line.substr(0, colon);
    std::string_view value = line.substr(std::min(colon + 1, line.size()));
    if (value.starts_with(' ')) { value.remove_prefix(1); }
    if (field == "data") {
      if (event.has_data) {
        event.more_data = true;
      } else {
        event.data = value;
        event.has_data = true;
      }
    } else if (field == "event") {
      event.name = value;
    }
  }
  return event;
}

}  // namespace butter::http
