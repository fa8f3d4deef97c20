#pragma once

#include <string_view>

namespace butter::guard {

/// Whether a string is media rather than text: at least 256 bytes of base64 and nothing else,
/// behind `data:...;base64,` or not. A random word of five letters stands in a large image by
/// chance.
/// \param raw  what stands between the quotes of a JSON string
[[nodiscard]] bool is_opaque(std::string_view raw) noexcept;

}  // namespace butter::guard
