#pragma once

#include <string>
#include <string_view>

namespace butter::wasm {

// JSON as Go's encoding/json writes it, since plugins may have come to depend on it: `<`, `>`, `&`,
// U+2028 and U+2029 are escaped everywhere.

/// Appends `text` as a JSON string with its quotes; a byte that is not UTF-8 becomes \ufffd.
void append_go_string(std::string& out, std::string_view text);

/// Appends a JSON text without the white space between its tokens. Strings keep their escapes, and
/// UTF-8 is not looked at, as in Go.
/// \return false when it is not one JSON value (RFC 8259), or nested deeper than 10000; `out` then
///         holds the beginning of it
[[nodiscard]] bool append_compact(std::string& out, std::string_view json);

/// \return whether append_compact() would take it
[[nodiscard]] bool is_json(std::string_view json);

}  // namespace butter::wasm
