#include "routing/health.h"

#include <algorithm>
#include <chrono>

namespace butter::routing {

namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;

std::int64_t in_ns(TimePoint when) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(when.time_since_epoch()).count();
}

}  // namespace

TimePoint KeyHealth::cool_until() const noexcept {
  return TimePoint(std::chrono::nanoseconds(cool_until_ns.load(kRelaxed)));
}

void KeyHealth::cool_down(TimePoint until) noexcept {
  cool_until_ns.store(in_ns(until), kRelaxed);
}

void KeyHealth::warm_up() noexcept {
  // A read first: the word is shared, and almost always 0 already.
  if (cool_until_ns.load(kRelaxed) != 0) { cool_until_ns.store(0, kRelaxed); }
}

ProviderHealth::ProviderHealth(const config::Breaker& breaker, std::size_t keys)
    : breaker_(breaker), key_count_(keys), keys_(std::make_unique<KeyHealth[]>(keys)) {}

bool ProviderHealth::admit(TimePoint now) noexcept {
  std::int64_t until = open_until_ns_.load(kRelaxed);
  if (until == 0) { return true; }
  if (in_ns(now) < until) { return false; }
  // Whoever moves the word on is the probe; all others find the breaker open again.
  return open_until_ns_.compare_exchange_strong(until, in_ns(now + breaker_.open_for), kRelaxed);
}

bool ProviderHealth::is_open(TimePoint now) const noexcept {
  return in_ns(now) < open_until_ns_.load(kRelaxed);
}

ProviderHealth::Change ProviderHealth::on_success() noexcept {
  if (failures_.load(kRelaxed) != 0) { failures_.store(0, kRelaxed); }
  if (open_until_ns_.load(kRelaxed) == 0) { return Change::none; }
  return open_until_ns_.exchange(0, kRelaxed) != 0 ? Change::closed : Change::none;
}

ProviderHealth::Change ProviderHealth::on_failure(TimePoint now) noexcept {
  if (!breaker_.enabled) { return Change::none; }
  if (failures_.fetch_add(1, kRelaxed) + 1 < breaker_.failures) { return Change::none; }
  // Open already: the time stands as the probe has set it, so that requests from before the
  // opening, which fail one by one, do not put the next probe off.
  std::int64_t closed = 0;
  const bool opened =
      open_until_ns_.compare_exchange_strong(closed, in_ns(now + breaker_.open_for), kRelaxed);
  return opened ? Change::opened : Change::none;
}

void ProviderHealth::add_latency(Duration first_byte) noexcept {
  const auto sample = std::max<std::int64_t>(
      1, std::chrono::duration_cast<std::chrono::nanoseconds>(first_byte).count());
  const std::int64_t before = latency_ns_.load(kRelaxed);
  // Two workers at once may lose one sample, which an average can bear.
  latency_ns_.store(before == 0 ? sample : before + (sample - before) / 8, kRelaxed);
}

std::int64_t ProviderHealth::latency_ns() const noexcept {
  return latency_ns_.load(kRelaxed);
}

bool ProviderHealth::fits(const config::Breaker& breaker, std::size_t keys) const noexcept {
  return key_count_ == keys && breaker_.enabled == breaker.enabled &&
         breaker_.failures == breaker.failures && breaker_.open_for == breaker.open_for;
}

}  // namespace butter::routing
