#pragma once

#include <span>
#include <string_view>

namespace butter::guard {

/// What users say to talk a model out of its instructions.
struct Phrase {
  std::string_view category;
  std::string_view text;  ///< lower case; a blank at its end must be there
};

/// The 61 phrases that the guard knows by itself, in seven categories; those of `sdk/c/guard.c`.
[[nodiscard]] std::span<const Phrase> default_phrases() noexcept;

}  // namespace butter::guard
