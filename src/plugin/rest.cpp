#include "plugin/rest.h"

namespace butter::plugin {

bool Rest::may_run(TimePoint now) noexcept {
  Duration::rep until = until_.load(std::memory_order_relaxed);
  if (until == 0) { return true; }
  const Duration::rep at = now.time_since_epoch().count();
  // Whoever moves the end is the one that tries.
  return at >= until && until_.compare_exchange_strong(until, at + Duration(kFor).count());
}

bool Rest::note(bool exhausted, TimePoint now) noexcept {
  if (!exhausted) {
    // Read first: the words of a plugin that works are shared by all workers.
    if (failures_.load(std::memory_order_relaxed) > 0) {
      failures_.store(0, std::memory_order_relaxed);
      until_.store(0, std::memory_order_relaxed);
    }
    return false;
  }
  if (failures_.fetch_add(1, std::memory_order_relaxed) + 1 < kFailures) { return false; }
  const auto until = (now + kFor).time_since_epoch().count();
  return until_.exchange(until, std::memory_order_relaxed) == 0;
}

}  // namespace butter::plugin
