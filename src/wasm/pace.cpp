#include "wasm/pace.h"

#include <algorithm>

namespace butter::wasm {

namespace {

constexpr std::uint32_t kMostCount = 8;  // a sample weighs at least an eighth

}  // namespace

std::size_t Pace::size_of(std::size_t bytes) noexcept {
  std::size_t size = 0;
  for (std::size_t bound = 1024; size + 1 < kSizes && bytes > bound; bound *= 4) { ++size; }
  return size;
}

std::uint64_t Pace::pack(Sample sample) noexcept {
  return (std::uint64_t{sample.average_ns} << 32) | (std::uint64_t{sample.count} << 1) |
         (sample.cheap ? 1 : 0);
}

Pace::Sample Pace::unpack(std::uint64_t word) noexcept {
  return {.average_ns = static_cast<std::uint32_t>(word >> 32),
          .count = static_cast<std::uint32_t>(word & 0xffffffff) >> 1,
          .cheap = (word & 1) != 0};
}

void Pace::record(std::size_t input_bytes, Duration took) noexcept {
  std::atomic<std::uint64_t>& word = samples_[size_of(input_bytes)];
  Sample sample = unpack(word.load(std::memory_order_relaxed));
  constexpr std::int64_t kMost = UINT32_MAX;
  const auto ns = static_cast<std::uint32_t>(std::clamp<std::int64_t>(took.count(), 0, kMost));
  sample.count = std::min(sample.count + 1, kMostCount);
  const std::int64_t step =
      (std::int64_t{ns} - std::int64_t{sample.average_ns}) / std::int64_t{sample.count};
  sample.average_ns = static_cast<std::uint32_t>(sample.average_ns + step);
  const Duration bound = sample.cheap ? kSlow : kCheap;
  sample.cheap = sample.count >= kTrials && Duration(sample.average_ns) <= bound;
  word.store(pack(sample), std::memory_order_relaxed);
}

Place Pace::place(std::size_t input_bytes) const noexcept {
  const std::uint64_t word = samples_[size_of(input_bytes)].load(std::memory_order_relaxed);
  return unpack(word).cheap ? Place::here : Place::thread;
}

std::optional<Duration> Pace::average(std::size_t input_bytes) const noexcept {
  const Sample sample = unpack(samples_[size_of(input_bytes)].load(std::memory_order_relaxed));
  if (sample.count == 0) { return std::nullopt; }
  return Duration(sample.average_ns);
}

}  // namespace butter::wasm
