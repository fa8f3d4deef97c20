#pragma once

#include <atomic>
#include <cstdint>

#include "base/clock.h"

namespace butter::limit {

/// So many units (requests, or tokens of a model) a minute, and at most so many at once.
struct Rate {
  std::uint32_t per_minute = 60;  ///< at least 1
  std::uint32_t burst = 60;       ///< the bucket's size, at least 1

  /// In which one unit comes back. Rounded up: never more comes back than the rate says.
  [[nodiscard]] constexpr Duration interval() const noexcept {
    return Duration((Duration(1min).count() + per_minute - 1) / per_minute);
  }
  /// In which `units` come back; those of more than 30 years count as 30 years.
  [[nodiscard]] Duration time_of(std::uint64_t units) const noexcept;
};

/// What became of a request.
struct Verdict {
  bool allowed = true;
  std::uint64_t remaining = 0;  ///< units that would be let through now
  Duration retry_after{0};      ///< when it was refused: until it would be let through
  Duration reset{0};            ///< until the bucket is full
};

/// The verdict on `units`, when the bucket will be full in `missing`, before they are taken. More
/// than the bucket holds are let through when it is full, and no more are taken.
[[nodiscard]] Verdict judge(const Rate& rate, std::uint64_t units, Duration missing) noexcept;

/// A token bucket, as the one moment at which it will be full (the generic cell rate algorithm):
/// one word, so that however many threads take from it, never more is let through than the rate
/// says. Begins full.
/// \source ITU-T I.371, annex A. Thread: any (lock-free)
class Bucket {
 public:
  [[nodiscard]] Verdict take(const Rate& rate, TimePoint now, std::uint64_t units = 1) noexcept;
  /// What was taken for `taken` units turned out to be `used` units. More is taken, though nothing
  /// be left: then the bucket is in debt. Less is given back, but nothing that came back by itself.
  /// \param full_at  when the bucket would have been full, after they were taken
  void settle(const Rate& rate, std::uint64_t taken, std::uint64_t used, TimePoint full_at,
              TimePoint now) noexcept;
  /// It is full: it says nothing that a new one would not say.
  [[nodiscard]] bool is_full(TimePoint now) const noexcept;

 private:
  std::atomic<Duration::rep> full_at_{0};  ///< of the steady clock
};

}  // namespace butter::limit
