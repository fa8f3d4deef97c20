#pragma once

#include <cstddef>
#include <string_view>

namespace butter::guard {

/// Reads a text that may not be whole yet, and knows whether somebody looked behind its end: what
/// was said then may become wrong when more of it comes. Thread: any one at a time.
class Lookahead {
 public:
  explicit Lookahead(std::string_view text) noexcept : text_(text) {}

  /// The byte at `i`, '\0' behind the end.
  [[nodiscard]] char operator[](std::size_t i) noexcept {
    if (i < text_.size()) { return text_[i]; }
    ran_out_ = true;
    return '\0';
  }
  [[nodiscard]] bool ran_out() const noexcept { return ran_out_; }

 private:
  std::string_view text_;
  bool ran_out_ = false;
};

// Each says how many bytes from `at` on are one of its kind, 0 = none; `at` is where a word begins.
// None looks further than kFarthest bytes.

inline constexpr std::size_t kFarthest = 600;

inline constexpr std::size_t kMostLocal = 64;  ///< bytes before the '@'

/// An e-mail address with a domain of two labels or more. `git@` is none: it is how repositories
/// are named. \source RFC 5321, section 4.5.3.1: sizes
[[nodiscard]] std::size_t email_at(Lookahead& text, std::size_t at) noexcept;

/// The number of a payment card: 13 to 19 digits in one piece, or in groups as they are printed,
/// with one blank or '-' between them; the first digit is 2 to 6, the last one is right.
/// \source ISO/IEC 7812-1, annex B (Luhn)
[[nodiscard]] std::size_t card_at(Lookahead& text, std::size_t at) noexcept;

/// An account number of a country that has them, in its length and with the right check digits, in
/// one piece or in groups of four with a blank between them, in either case.
/// \source ISO 13616, ISO 7064 (97-10)
[[nodiscard]] std::size_t iban_at(Lookahead& text, std::size_t at) noexcept;

/// A key of OpenAI or Anthropic (`sk-...`, with a digit in it), AWS, GitHub, Google or Slack.
/// All of them begin with a byte of which may_begin_key() is true.
[[nodiscard]] std::size_t key_at(Lookahead& text, std::size_t at) noexcept;

[[nodiscard]] constexpr bool may_begin_key(char c) noexcept {
  return c == 's' || c == 'A' || c == 'g' || c == 'x';
}

}  // namespace butter::guard
