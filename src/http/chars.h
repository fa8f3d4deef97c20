#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/block.h"

namespace butter::http {

/// What a byte may be part of; bits of kCharClass.
using CharClass = std::uint8_t;
/// Method, field name (RFC 9110, section 5.6.2).
inline constexpr CharClass kTokenChar = 1;
/// Request target: visible ASCII but '#', which a target never carries.
inline constexpr CharClass kTargetChar = 2;
/// Host name or the inside of an address in brackets, without ':' and ','.
inline constexpr CharClass kHostChar = 4;
inline constexpr CharClass kHexDigit = 8;

namespace detail {

consteval std::array<std::uint8_t, 256> make_char_classes() {
  std::array<std::uint8_t, 256> table{};
  const auto mark = [&table](std::string_view chars, std::uint8_t bit) {
    for (const char c : chars) { table[static_cast<unsigned char>(c)] |= bit; }
  };
  constexpr std::string_view kAlnum =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  mark(kAlnum, kTokenChar | kHostChar);
  mark("!#$%&'*+-.^_`|~", kTokenChar);
  mark("-._~%!$&'()*+;=", kHostChar);
  mark("0123456789abcdefABCDEF", kHexDigit);
  for (unsigned c = 0x21; c < 0x7f; ++c) {
    if (c != '#') { table[c] |= kTargetChar; }
  }
  return table;
}

}  // namespace detail

inline constexpr std::array<std::uint8_t, 256> kCharClass = detail::make_char_classes();

[[nodiscard]] constexpr bool is_char(char c, CharClass wanted) noexcept {
  return (kCharClass[static_cast<unsigned char>(c)] & wanted) != 0;
}

/// The first byte from `p` on that is not of `wanted`; `end` when all are.
[[nodiscard]] constexpr const char* skip_chars(const char* p, const char* end,
                                               CharClass wanted) noexcept {
  while (p != end && is_char(*p, wanted)) { ++p; }
  return p;
}

/// True for one or more bytes that are all of `wanted`.
[[nodiscard]] constexpr bool all_chars(std::string_view text, CharClass wanted) noexcept {
  const char* const end = text.data() + text.size();
  return !text.empty() && skip_chars(text.data(), end, wanted) == end;
}

/// True for ' ' to '~'.
[[nodiscard]] constexpr bool is_printable(char c) noexcept {
  return c >= 0x20 && c < 0x7f;
}

/// The first byte from `p` on that is not printable ASCII (a control byte, DEL or above 0x7f);
/// `end` when all are.
[[nodiscard]] inline const char* skip_printable(const char* p, const char* end) noexcept {
  for (; end - p >= Block::kSize; p += Block::kSize) {
    const std::uint32_t stops = Block(p).unprintable();
    if (stops != 0) { return p + std::countr_zero(stops); }
  }
  while (p != end && is_printable(*p)) { ++p; }
  return p;
}

/// The first byte from `p` on that is no token character; `end` when all are. Fast where nearly all
/// are letters and '-', as in field names.
[[nodiscard]] inline const char* skip_name(const char* p, const char* end) noexcept {
  while (end - p >= Block::kSize) {
    const std::uint32_t stops = Block(p).not_name_letter();
    if (stops == 0) {
      p += Block::kSize;
      continue;
    }
    p += std::countr_zero(stops);
    if (!is_char(*p, kTokenChar)) { return p; }
    ++p;
  }
  return skip_chars(p, end, kTokenChar);
}

/// True when `text` may be sent as a field's value: printable ASCII, tabs and obs-text only
/// (RFC 9110, section 5.5). Empty is fine.
[[nodiscard]] inline bool is_field_value(std::string_view text) noexcept {
  const char* const end = text.data() + text.size();
  const char* p = skip_printable(text.data(), end);
  while (p != end) {
    const auto c = static_cast<unsigned char>(*p);
    if (c != '\t' && c < 0x80) { return false; }
    p = skip_printable(p + 1, end);
  }
  return true;
}

}  // namespace butter::http
