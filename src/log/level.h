#pragma once

#include <cstdint>

namespace butter::log {

enum class Level : std::uint8_t { debug, info, warn, error };

}  // namespace butter::log
