#pragma once

#include <chrono>

namespace butter {

using namespace std::chrono_literals;

using TimePoint = std::chrono::steady_clock::time_point;  ///< monotonic
using Duration = std::chrono::steady_clock::duration;     ///< nanoseconds
using WallTime = std::chrono::system_clock::time_point;   ///< for people and headers only

}  // namespace butter
