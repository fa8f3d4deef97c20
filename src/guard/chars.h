#pragma once

namespace butter::guard {

[[nodiscard]] constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
[[nodiscard]] constexpr bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
/// What words and numbers are made of, in ASCII.
[[nodiscard]] constexpr bool is_word(char c) noexcept {
  return is_digit(c) || is_letter(c) || c == '_';
}

}  // namespace butter::guard
