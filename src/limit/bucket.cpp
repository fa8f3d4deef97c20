#include "limit/bucket.h"

#include <algorithm>

namespace butter::limit {

namespace {

Duration::rep ticks(TimePoint time) noexcept {
  return time.time_since_epoch().count();
}

}  // namespace

Verdict Bucket::take(const Rate& rate, TimePoint now) noexcept {
  const Duration::rep one = rate.interval().count();
  const Duration::rep size = one * rate.burst;
  const Duration::rep at = ticks(now);
  Duration::rep full_at = full_at_.load(std::memory_order_relaxed);
  while (true) {
    const Duration::rep missing = std::max<Duration::rep>(full_at - at, 0);
    if (missing + one > size) {
      return {.allowed = false,
              .remaining = 0,
              .retry_after = Duration(missing + one - size),
              .reset = Duration(missing)};
    }
    if (full_at_.compare_exchange_weak(full_at, at + missing + one, std::memory_order_relaxed)) {
      return {.remaining = static_cast<std::uint64_t>((size - missing - one) / one),
              .reset = Duration(missing + one)};
    }
  }
}

bool Bucket::is_full(TimePoint now) const noexcept {
  return full_at_.load(std::memory_order_relaxed) <= ticks(now);
}

}  // namespace butter::limit
