#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/buffer.h"

namespace butter::guard {

/// Makes texts plain, so that a phrase is found however it was written: compatible forms of a
/// character (full-width, circled, mathematical) become one, letters lose their marks, those that
/// look like Latin ones become them, all but ASCII capitals become small, what separates words a
/// blank; what is not seen goes (zero-width, bidirectional controls, variation selectors, other
/// control characters). Tag characters, which some models read, become the ASCII that they stand
/// for. ASCII stays as it is, and so does what is no UTF-8.
/// \source Unicode Standard Annex #15 (NFKD), section 3.13 of the standard (case folding), Unicode
///         Technical Standard #39 (confusables)
/// Thread: any (immutable).
class Fold {
 public:
  Fold();

  void append(std::string_view text, Buffer& out) const;
  /// The same for a JSON string. Of a malformed escape the backslash is text.
  /// \param text  begins behind the opening quote
  /// \return how many bytes the string has, its closing quote included; 0 = there is none
  [[nodiscard]] std::size_t append_string(std::string_view text, Buffer& out) const;

 private:
  void append_basic(char32_t c, std::string_view itself, Buffer& out) const;
  // Each takes what stands at the front, and returns how many bytes that were.
  std::size_t take_character(std::string_view text, Buffer& out) const;
  std::size_t take_escape(std::string_view text, Buffer& out) const;

  // For each character of the basic plane where its replacement stands, behind a byte with its
  // size; 0 = it stays.
  std::vector<std::uint16_t> places_;
  std::string replacements_;
};

}  // namespace butter::guard
