#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "config/config.h"

namespace butter::routing {

/// When a second attempt beside the first is worth its cost: after the time in which 95 % of the
/// recent answers began, and for no more than `max_extra` of the requests, so that a provider that
/// is slow everywhere does not get twice the load. One for each route that hedges.
///
/// The times stand in buckets a fifth apart, and count half after every kWindow answers.
/// Thread: any (relaxed atomics).
class Hedge {
 public:
  static constexpr std::uint32_t kEnough = 20;  ///< answers until the time is known
  static constexpr std::uint32_t kWindow = 1024;

  explicit Hedge(const config::Hedge& settings) noexcept;

  /// An answer began so long after its attempt.
  void add(Duration first_byte) noexcept;
  /// How long to wait for the first attempt; nullopt while too little is known.
  [[nodiscard]] std::optional<Duration> delay() const noexcept;

  void count_request() noexcept;
  /// Takes one extra request, when the share allows it.
  [[nodiscard]] bool take() noexcept;

 private:
  static constexpr std::size_t kPerDoubling = 4;
  static constexpr std::size_t kBuckets = 32 * kPerDoubling;  ///< to 2^32 microseconds

  const config::Hedge settings_;
  std::array<std::atomic<std::uint32_t>, kBuckets> counts_{};
  std::atomic<std::uint32_t> total_{0};
  std::atomic<std::uint64_t> requests_{0};
  std::atomic<std::uint64_t> extra_{0};
};

}  // namespace butter::routing
