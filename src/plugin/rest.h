#pragma once

#include <atomic>

#include "base/clock.h"

namespace butter::plugin {

/// Lets a plugin rest that keeps running into its limits, so that it cannot spend the time of every
/// request: for kFor it is not called, then one call tries it again. Thread: any (lock-free).
class Rest {
 public:
  static constexpr unsigned kFailures = 5;  ///< in a row
  static constexpr Duration kFor = 1s;

  /// Whether it may be called. Who is told so when the rest is over is the one that tries.
  [[nodiscard]] bool may_run(TimePoint now) noexcept;
  /// \param exhausted  the call ended at a limit
  /// \return whether the rest begins
  bool note(bool exhausted, TimePoint now) noexcept;

 private:
  std::atomic<unsigned> failures_{0};
  std::atomic<Duration::rep> until_{0};  ///< of the steady clock; 0 = it does not rest
};

}  // namespace butter::plugin
