#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "limit/bucket.h"

namespace butter::limit {

/// Whose bucket it is.
enum class Scope : std::uint8_t { everyone, client, app_key, provider, model };
inline constexpr std::size_t kScopes = 5;
/// What is counted.
enum class Unit : std::uint8_t { requests, tokens };
inline constexpr std::size_t kUnits = 2;

/// What a request asks of one bucket, and what became of it. A value. Thread: any one at a time.
struct Claim {
  Scope scope = Scope::everyone;
  Unit unit = Unit::requests;
  std::string key{};  ///< which of the scope; it may be a secret. "" for everyone
  Rate rate{};
  std::uint64_t units = 1;

  // Once it was judged:
  Verdict verdict{};
  /// When the bucket will be full, with what was taken: nanoseconds of the steady clock, or
  /// microseconds of the clock of the server that keeps the bucket.
  std::int64_t full_at = 0;
};

/// The word for messages: "requests" or "tokens".
[[nodiscard]] constexpr std::string_view to_string(Unit unit) noexcept {
  return unit == Unit::requests ? "requests" : "tokens";
}

}  // namespace butter::limit
