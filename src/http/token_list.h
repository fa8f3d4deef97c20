#pragma once

#include <string_view>

namespace butter::http {

/// Takes the next element off the front of a comma-separated list (RFC 9110, section 5.6.1),
/// without the blanks around it; "" for an empty element.
[[nodiscard]] std::string_view take_element(std::string_view& list) noexcept;

/// True when the comma-separated `list` has `token` as an element, in any case.
[[nodiscard]] bool has_token(std::string_view list, std::string_view token) noexcept;

}  // namespace butter::http
