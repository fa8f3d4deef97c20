#pragma once

#include <string_view>

namespace butter::http {

/// The type in a Content-Type field, without parameters: "text/html" of "text/html; charset=utf-8".
/// As it was written: types are the same in either case. \source RFC 9110, section 8.3.1
[[nodiscard]] std::string_view media_type(std::string_view content_type) noexcept;

/// JSON, or something in it: application/json, text/json, application/problem+json.
[[nodiscard]] bool is_json(std::string_view content_type) noexcept;

/// A stream of server-sent events.
[[nodiscard]] bool is_event_stream(std::string_view content_type) noexcept;

}  // namespace butter::http
