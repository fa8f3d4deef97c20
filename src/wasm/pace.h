#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/clock.h"

namespace butter::wasm {

/// Where a call should run.
enum class Place : std::uint8_t {
  here,    ///< on the event loop: it takes no longer than what else a loop does
  thread,  ///< on a helper thread: others would wait for it
};

/// Learns from a module's calls how long they take, for each size of input apart. What was never
/// seen runs on a thread. Thread: any (synchronised inside).
class Pace {
 public:
  static constexpr Duration kCheap = 100us;  ///< on average; then calls come to the loop
  static constexpr Duration kSlow = 200us;   ///< then they leave it again
  static constexpr unsigned kTrials = 4;     ///< calls before an average counts

  void record(std::size_t input_bytes, Duration took) noexcept;
  [[nodiscard]] Place place(std::size_t input_bytes) const noexcept;
  /// The average for inputs of about this size; nullopt = none was seen.
  [[nodiscard]] std::optional<Duration> average(std::size_t input_bytes) const noexcept;

 private:
  // Each size has one word, so that two threads can only lose a sample, not mix two.
  struct Sample {
    std::uint32_t average_ns;
    std::uint32_t count;
    bool cheap;
  };
  static constexpr std::size_t kSizes = 6;  ///< to 1 KiB, 4, 16, 64, 256, more
  [[nodiscard]] static std::size_t size_of(std::size_t bytes) noexcept;
  [[nodiscard]] static std::uint64_t pack(Sample sample) noexcept;
  [[nodiscard]] static Sample unpack(std::uint64_t word) noexcept;

  std::array<std::atomic<std::uint64_t>, kSizes> samples_{};
};

}  // namespace butter::wasm
