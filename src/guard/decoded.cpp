#include "guard/decoded.h"

#include <algorithm>

#include "json/text.h"

namespace butter::guard {

namespace {

/// How many bytes the escape at the front has, or the two that make one character.
std::size_t unit_size(std::string_view raw) {
  constexpr std::size_t kEscape = 2, kUnicode = 6;
  if (!raw.starts_with("\\u")) { return kEscape; }
  std::string both;
  // A pair makes one character of four bytes; two that are no pair make two characters.
  constexpr std::size_t kPair = 2 * kUnicode, kPairText = 4;
  const std::string_view pair = raw.substr(0, kPair);
  if (raw.substr(kUnicode).starts_with("\\u") && json::unescape(pair, both) &&
      both.size() == kPairText && static_cast<unsigned char>(both.front()) >= 0xf0) {
    return kPair;
  }
  return kUnicode;
}

}  // namespace

void Decoded::assign(std::string_view raw) {
  raw_ = text_ = raw;
  raw_at_ = text_at_ = 0;
  if (raw.contains('\\') && json::unescape(raw, memory_)) { text_ = memory_; }
}

std::size_t Decoded::raw_offset(std::size_t at) {
  if (text_.data() == raw_.data()) { return at; }
  std::string unit;
  while (text_at_ < at) {
    const std::string_view rest = raw_.substr(raw_at_);
    const std::size_t plain = std::min({rest.find('\\'), rest.size(), at - text_at_});
    raw_at_ += plain;
    text_at_ += plain;
    if (text_at_ == at) { break; }
    const std::size_t size = unit_size(rest.substr(plain));
    (void)json::unescape(rest.substr(plain, size), unit);
    raw_at_ += size;
    text_at_ += unit.size();
  }
  return raw_at_;
}

}  // namespace butter::guard
