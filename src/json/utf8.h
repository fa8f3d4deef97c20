#pragma once

#include <cstddef>
#include <string_view>

namespace butter::json {

/// How many bytes the UTF-8 character at the front of `text` has.
///
/// \param text  not empty
/// \return 1 to 4; 0 when no well-formed character stands there: overlong forms, surrogates, more
///         than U+10FFFF, stray continuation bytes, cut off.
/// \source The Unicode Standard, table 3-7.
[[nodiscard]] std::size_t utf8_size(std::string_view text) noexcept;

/// The offset of the first byte that is not part of well-formed UTF-8; text.size() when all are.
[[nodiscard]] std::size_t utf8_fault(std::string_view text) noexcept;

}  // namespace butter::json
