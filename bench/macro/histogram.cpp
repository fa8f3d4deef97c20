#include "histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace butter::bench {

std::size_t Histogram::bucket_of(std::uint64_t value) noexcept {
  if (value < kSteps) { return value; }
  const unsigned shift = static_cast<unsigned>(std::bit_width(value)) - 1 - kStepBits;
  return (shift + 1) * kSteps + ((value >> shift) - kSteps);
}

std::uint64_t Histogram::upper_end(std::size_t bucket) noexcept {
  if (bucket < kSteps) { return bucket; }
  const std::size_t shift = bucket / kSteps - 1;
  return ((kSteps + bucket % kSteps + 1) << shift) - 1;
}

void Histogram::record(Nanos value) noexcept {
  const std::uint64_t known = static_cast<std::uint64_t>(std::max<Nanos>(value, 0));
  ++buckets_[std::min(bucket_of(known), buckets_.size() - 1)];
  ++count_;
  max_ = std::max(max_, value);
}

Nanos Histogram::percentile(double share) const noexcept {
  if (count_ == 0) { return 0; }
  const auto rank = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen >= std::max<std::uint64_t>(rank, 1)) {
      return std::min(static_cast<Nanos>(upper_end(i)), max_);
    }
  }
  return max_;
}

}  // namespace butter::bench
