#include "limit/bucket.h"

#include <algorithm>

namespace butter::limit {

namespace {

constexpr Duration::rep kLongest = Duration(24h * 365 * 30).count();

Duration::rep ticks(TimePoint time) noexcept {
  return time.time_since_epoch().count();
}

/// What is taken for so many units: at most all that the bucket holds.
Duration cost_of(const Rate& rate, std::uint64_t units) noexcept {
  return rate.time_of(std::min<std::uint64_t>(units, rate.burst));
}

}  // namespace

Duration Rate::time_of(std::uint64_t units) const noexcept {
  const auto one = static_cast<std::uint64_t>(interval().count());
  constexpr auto kMost = static_cast<std::uint64_t>(kLongest);
  return units > kMost / one ? Duration(kLongest)
                             : Duration(static_cast<Duration::rep>(units * one));
}

Verdict judge(const Rate& rate, std::uint64_t units, Duration missing) noexcept {
  const Duration size = rate.time_of(rate.burst);
  const Duration after = missing + cost_of(rate, units);
  const auto left = [&](Duration gone) {
    return gone < size ? static_cast<std::uint64_t>((size - gone) / rate.interval()) : 0U;
  };
  if (after > size) {
    return {.allowed = false,
            .remaining = left(missing),
            .retry_after = after - size,
            .reset = missing};
  }
  return {.remaining = left(after), .reset = after};
}

Verdict Bucket::take(const Rate& rate, TimePoint now, std::uint64_t units) noexcept {
  const Duration::rep at = ticks(now);
  Duration::rep full_at = full_at_.load(std::memory_order_relaxed);
  while (true) {
    const Verdict verdict = judge(rate, units, Duration(std::max<Duration::rep>(full_at - at, 0)));
    if (!verdict.allowed || full_at_.compare_exchange_weak(full_at, at + verdict.reset.count(),
                                                           std::memory_order_relaxed)) {
      return verdict;
    }
  }
}

void Bucket::settle(const Rate& rate, std::uint64_t taken, std::uint64_t used, TimePoint full_at,
                    TimePoint now) noexcept {
  const Duration::rep at = ticks(now);
  // What had come back before `full_at` may have been lost in a full bucket; what had not, was not.
  const Duration::rep most_back = std::max<Duration::rep>(ticks(full_at) - at, 0);
  const Duration::rep more =
      std::max((rate.time_of(used) - cost_of(rate, taken)).count(), -most_back);
  Duration::rep before = full_at_.load(std::memory_order_relaxed);
  while (!full_at_.compare_exchange_weak(
      before, std::min(std::max(before, at) + more, at + kLongest), std::memory_order_relaxed)) {}
}

bool Bucket::is_full(TimePoint now) const noexcept {
  return full_at_.load(std::memory_order_relaxed) <= ticks(now);
}

}  // namespace butter::limit
