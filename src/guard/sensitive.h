#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "guard/settings.h"

namespace butter::guard {

/// Finds in texts what may not be read by everybody. Thread: any (immutable).
class Sensitive {
 public:
  explicit Sensitive(Redaction kinds) noexcept : kinds_(kinds) {}

  /// A place in a text.
  struct Place {
    std::size_t begin = 0, end = 0;
    /// What stands there instead: "[EMAIL]", "[CARD]", "[IBAN]", "[KEY]"; "" = from `begin` on it
    /// is not decided, or there is nothing when that is the text's end.
    std::string_view label;
  };

  enum class Rest : unsigned char {
    none,     ///< the text is whole
    follows,  ///< more may come: what may be the beginning of something is not decided
  };

  /// The first from `from` on; the longest where several begin. The byte before `from` counts.
  [[nodiscard]] Place next(std::string_view text, std::size_t from, Rest rest) const noexcept;

  /// What may be undecided is never longer.
  static constexpr std::size_t kMostUndecided = 600;

 private:
  Redaction kinds_;
};

}  // namespace butter::guard
