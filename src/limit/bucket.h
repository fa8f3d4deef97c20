#pragma once

#include <atomic>
#include <cstdint>

#include "base/clock.h"

namespace butter::limit {

/// So many requests a minute, and at most so many at once.
struct Rate {
  std::uint32_t per_minute = 60;  ///< at least 1
  std::uint32_t burst = 60;       ///< the bucket's size, at least 1

  /// In which one request comes back.
  [[nodiscard]] constexpr Duration interval() const noexcept { return Duration(1min) / per_minute; }
};

/// What became of a request.
struct Verdict {
  bool allowed = true;
  std::uint64_t remaining = 0;  ///< requests that would be let through now
  Duration retry_after{0};      ///< when it was refused: until one would be
  Duration reset{0};            ///< until the bucket is full
};

/// A token bucket, as the one moment at which it will be full (the generic cell rate algorithm):
/// one word, so that however many threads take from it, never more is let through than the rate
/// says. Begins full.
/// \source ITU-T I.371, annex A. Thread: any (lock-free)
class Bucket {
 public:
  [[nodiscard]] Verdict take(const Rate& rate, TimePoint now) noexcept;
  /// It is full: it says nothing that a new one would not say.
  [[nodiscard]] bool is_full(TimePoint now) const noexcept;

 private:
  std::atomic<Duration::rep> full_at_{0};  ///< of the steady clock
};

}  // namespace butter::limit
