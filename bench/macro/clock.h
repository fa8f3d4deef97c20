#pragma once

#include <cstdint>

namespace butter::bench {

/// A time or a span in nanoseconds; times are CLOCK_MONOTONIC, which all processes of a machine
/// share.
using Nanos = std::int64_t;

inline constexpr Nanos kMicrosecond = 1'000;
inline constexpr Nanos kMillisecond = 1'000'000;
inline constexpr Nanos kSecond = 1'000'000'000;

[[nodiscard]] Nanos now_ns() noexcept;

/// Lets timed waits of this thread end within a microsecond; the kernel's default is 50.
void want_sharp_timers() noexcept;

}  // namespace butter::bench
