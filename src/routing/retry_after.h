#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"

namespace butter::routing {

/// Reads a `Retry-After` value: seconds (a fraction is allowed, as the SDKs do) or an HTTP date in
/// any of its three forms. A date in the past gives 0; more than a year becomes a year. nullopt
/// when it is neither. \source RFC 9110, sections 10.2.3 and 5.6.7.
[[nodiscard]] std::optional<Duration> parse_retry_after(std::string_view seconds_or_date,
                                                        WallTime now);

/// Reads a `retry-after-ms` value, which OpenAI's and Azure's SDKs look at first.
[[nodiscard]] std::optional<Duration> parse_retry_after_ms(std::string_view milliseconds);

}  // namespace butter::routing
