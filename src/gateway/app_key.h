#pragma once

#include <string_view>

namespace butter::gateway {

/// The header that names a caller's app key.
inline constexpr std::string_view kAppKeyHeader = "x-butter-app-key";

}  // namespace butter::gateway
