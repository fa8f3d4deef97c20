#include "metrics/counter.h"

#include <algorithm>

namespace butter::metrics {

void Histogram::observe(Duration value) noexcept {
  const auto ns = std::max<std::int64_t>(value.count(), 0);
  // Divided, not multiplied by 1e-9: the quotient is rounded once, so that 5 ms is just the bound
  // written as 0.005 and falls into its bucket.
  const double seconds = static_cast<double>(ns) / 1e9;
  std::size_t i = 0;
  for (const double bound : bounds_) { i += bound < seconds ? 1u : 0u; }
  buckets_[i].add();
  sum_ns_.add(static_cast<std::uint64_t>(ns));
}

}  // namespace butter::metrics
