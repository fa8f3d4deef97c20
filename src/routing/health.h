#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/clock.h"
#include "config/config.h"

namespace butter::routing {

/// What is known of one key: until when it is left alone after a 401, 403 or 429.
/// Thread: any (relaxed atomics; written only when a request fails, or succeeds after that).
struct KeyHealth {
  std::atomic<std::int64_t> cool_until_ns{0};  ///< steady clock; 0 = usable

  [[nodiscard]] TimePoint cool_until() const noexcept;
  void cool_down(TimePoint until) noexcept;  ///< leaves the key alone until then
  void warm_up() noexcept;                   ///< the key works: it is used again at once
};

/// What is known of one provider: the circuit breaker's state and the recent latency.
///
///   closed ──`failures` in a row──▶ open ──after open_for──▶ half-open (one probe) ──ok──▶ closed
///                                    ▲───────────────────────────fails──┘
///
/// A probe that never reports blocks nothing: another one is let through `open_for` later.
/// Read-mostly words shared by the workers, so that what one learns all know; nothing is written on
/// the way of a request that succeeds while the breaker is closed, but the latency when
/// `least_latency` asks for it. Thread: any (relaxed atomics).
class ProviderHealth {
 public:
  ProviderHealth(const config::Breaker& breaker, std::size_t keys);

  enum class Change : std::uint8_t { none, opened, closed };  ///< for the log

  /// True when a request may be sent: closed, or half-open and this caller becomes the probe.
  [[nodiscard]] bool admit(TimePoint now) noexcept;
  /// Whether requests are kept away at the moment. Changes nothing.
  [[nodiscard]] bool is_open(TimePoint now) const noexcept;
  Change on_success() noexcept;
  Change on_failure(TimePoint now) noexcept;

  void add_latency(Duration first_byte) noexcept;          ///< moving average, weight 1/8
  [[nodiscard]] std::int64_t latency_ns() const noexcept;  ///< 0 = unknown

  [[nodiscard]] KeyHealth& key(std::size_t index) noexcept { return keys_[index]; }
  /// Whether this was made for the same settings and so many keys: then a reload may keep it.
  [[nodiscard]] bool fits(const config::Breaker& breaker, std::size_t keys) const noexcept;

 private:
  const config::Breaker breaker_;
  const std::size_t key_count_;
  std::atomic<std::uint32_t> failures_{0};
  std::atomic<std::int64_t> open_until_ns_{0};  ///< 0 = closed
  std::atomic<std::int64_t> latency_ns_{0};
  std::unique_ptr<KeyHealth[]> keys_;
};

}  // namespace butter::routing
