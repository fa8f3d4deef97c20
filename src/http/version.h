#pragma once

#include <expected>
#include <string_view>

#include "http/head.h"

namespace butter::http {

/// Reads "HTTP/1.1" or "HTTP/1.0"; true for 1.0.
/// \errors unsupported_version: another version, well formed; malformed (RFC 9112, section 2.3)
[[nodiscard]] std::expected<bool, HeadError> parse_version(std::string_view text) noexcept;

}  // namespace butter::http
