#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace butter {

/// ASCII lower case of one character; other bytes as they are.
[[nodiscard]] constexpr char to_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

/// Whether `size` bytes are the same but for the case of ASCII letters.
[[nodiscard]] bool same_letters(const char* a, const char* b, std::size_t size) noexcept;

/// ASCII comparison without regard to case (RFC 9110, section 5.1 for field names).
[[nodiscard]] inline bool iequals(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && same_letters(a.data(), b.data(), a.size());
}

/// `text` without the blanks and tabs around it.
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;

/// `text` between double quotes, shortened to 64 bytes, control bytes and quotes escaped: for
/// messages to people.
[[nodiscard]] std::string quoted(std::string_view text);

/// `text` with each "%41" replaced by its byte; a '%' without two hexadecimal digits stays as it
/// is.
/// \source RFC 3986, section 2.1.
[[nodiscard]] std::string percent_decoded(std::string_view text);

/// `text` as one segment of a path: all bytes but letters, digits and "-._~" become "%41".
/// \source RFC 3986, sections 2.1 and 2.3.
[[nodiscard]] std::string percent_encoded(std::string_view text);

/// The candidates nearest to `word` by edit distance (at most a third of its length, at least 2),
/// nearest first, at most `most` of them. For "did you mean".
[[nodiscard]] std::vector<std::string> nearest(std::string_view word,
                                               std::span<const std::string> candidates,
                                               std::size_t most);

}  // namespace butter
