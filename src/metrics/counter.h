#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <span>

#include "base/clock.h"

namespace butter::metrics {

/// A counter with one writer. Load and store instead of fetch_add: no lock prefix on the hot path,
/// and the scraper reads a value that is at most one update old.
/// Thread: add() worker-local, value() any.
class Counter {
 public:
  void add(std::uint64_t n = 1) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t value() const noexcept {
    return value_.load(std::memory_order_relaxed);
  }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// A value that goes up and down, with one writer. Thread: add() worker-local, value() any.
class Gauge {
 public:
  void add(std::int64_t n) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
  [[nodiscard]] std::int64_t value() const noexcept {
    return value_.load(std::memory_order_relaxed);
  }

 private:
  std::atomic<std::int64_t> value_{0};
};

/// A histogram of durations with one writer. The bounds are in seconds, ascending, and live as long
/// as the program. Thread: observe() worker-local, the rest any.
class Histogram {
 public:
  static constexpr std::size_t kMostBounds = 24;

  explicit Histogram(std::span<const double> bounds) noexcept : bounds_(bounds) {}

  void observe(Duration value) noexcept;

  [[nodiscard]] std::span<const double> bounds() const noexcept { return bounds_; }
  [[nodiscard]] std::uint64_t bucket(std::size_t i) const noexcept {
    return buckets_[i].value();
  }  ///< not cumulative; bounds().size() is +Inf
  [[nodiscard]] std::uint64_t sum_ns() const noexcept { return sum_ns_.value(); }

 private:
  std::span<const double> bounds_;
  std::array<Counter, kMostBounds + 1> buckets_;
  Counter sum_ns_;
};

}  // namespace butter::metrics
