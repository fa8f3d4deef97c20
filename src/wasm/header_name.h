#pragma once

#include <string>
#include <string_view>

namespace butter::wasm {

/// Appends a field name as Go's net/http writes it: "x-foo-id" as "X-Foo-Id". What is no token
/// (RFC 9110, section 5.6.2) stays as it is.
void append_canonical(std::string& out, std::string_view name);

/// A field that carries a credential: of the caller, of ours, or a cookie.
[[nodiscard]] bool is_secret(std::string_view name, std::string_view app_key_header) noexcept;

/// A field that a plugin may set: a token, and none of those that frame a message.
[[nodiscard]] bool may_be_set(std::string_view name) noexcept;

/// No control byte but the tab. \source RFC 9110, section 5.5
[[nodiscard]] bool is_field_value(std::string_view value) noexcept;

}  // namespace butter::wasm
