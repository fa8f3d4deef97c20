#pragma once

#include <string>
#include <string_view>

namespace butter::crypto {

/// Two lower-case hexadecimal digits for each byte.
[[nodiscard]] std::string hex(std::string_view bytes);

}  // namespace butter::crypto
