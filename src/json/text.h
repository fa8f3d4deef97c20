#pragma once

#include <string>
#include <string_view>

#include "base/buffer.h"

namespace butter::json {

/// Appends `text` as a JSON string with its quotes. Control bytes are escaped, invalid UTF-8
/// becomes U+FFFD (one for each byte): the result is always valid JSON. `text` must not be part of
/// `out`.
/// \source RFC 8259, section 7.
void append_string(std::string& out, std::string_view text);
void append_string(Buffer& out, std::string_view text);

/// Decodes what stands between the quotes of a JSON string.
///
/// Half a surrogate pair becomes U+FFFD, as in the Go program and unlike most strict parsers: the
/// upstream judges such a text, not we.
///
/// \param raw  valid UTF-8 without control bytes and unescaped quotes
/// \param out  replaced; keeps its memory
/// \return false when an escape is malformed; `out` then holds what came before it
[[nodiscard]] bool unescape(std::string_view raw, std::string& out);

}  // namespace butter::json
