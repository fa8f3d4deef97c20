#pragma once

#include <span>
#include <string_view>

namespace butter::guard {

/// An ASCII letter, and the characters that look like it, or like its capital.
struct Lookalikes {
  char letter;
  std::string_view characters;  ///< UTF-8
};

/// Of scripts that are written with letters; without those that decomposition and case folding
/// make an ASCII letter.
/// \source Unicode Technical Standard #39, confusables.txt 14.0; and the small capitals, since
///         texts in "fancy letters" are made of them.
[[nodiscard]] std::span<const Lookalikes> lookalikes() noexcept;

}  // namespace butter::guard
