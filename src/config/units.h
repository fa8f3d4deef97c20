#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace butter::config {

/// Reads a duration as the Go program does: "100ms", "1m30s", "1.5h", "-2s", "0". Units: ns, us
/// (also with either micro sign), ms, s, m, h. Fractions of a nanosecond are cut off.
/// \return why the text is no duration.
/// \source https://pkg.go.dev/time#ParseDuration
[[nodiscard]] std::expected<Duration, std::string> parse_duration(std::string_view text);

/// The shortest form that parse_duration() reads back: "1m30s", "100ms", "0s".
[[nodiscard]] std::string format_duration(Duration duration);

/// Reads a number of bytes: "65536", "64KiB", "64 MiB", "1.5GiB" (powers of 1024), "1MB" (powers of
/// 1000), "10B".
/// \return why the text is no size.
[[nodiscard]] std::expected<std::uint64_t, std::string> parse_size(std::string_view text);

/// "64MiB", or the plain number where no unit fits.
[[nodiscard]] std::string format_size(std::uint64_t bytes);

}  // namespace butter::config
