#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace butter::crypto {

/// \source RFC 4648, section 4, with padding.
[[nodiscard]] std::string base64(std::string_view bytes);

/// \source RFC 4648, section 5, without padding, as JSON Web Tokens have it.
[[nodiscard]] std::string base64url(std::string_view bytes);

/// Appends the bytes that `text` (section 4, padded) stands for.
/// \return false when it is no base64: a byte outside of the alphabet, or a length that is not a
///         multiple of 4. `out` then holds what came before it
[[nodiscard]] bool append_base64_decoded(std::string& out, std::string_view text);

}  // namespace butter::crypto
