#include "routing/hedge.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>

namespace butter::routing {

namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr unsigned kFractionBits = 2;  ///< four buckets a doubling

/// The exponent and the two bits behind the leading one.
std::size_t bucket_of(std::uint64_t us, std::size_t buckets) {
  us = std::max<std::uint64_t>(us, std::uint64_t{1} << kFractionBits);
  const auto exponent = static_cast<unsigned>(std::bit_width(us) - 1);
  const std::uint64_t fraction = (us >> (exponent - kFractionBits)) & 3;
  return std::min<std::size_t>((exponent << kFractionBits) + fraction, buckets - 1);
}

/// The first duration that is in the next bucket.
std::uint64_t end_of(std::size_t bucket) {
  const std::size_t exponent = bucket >> kFractionBits;
  const std::uint64_t fraction = bucket & 3;
  return (std::uint64_t{4} + fraction + 1) << (exponent - kFractionBits);
}

}  // namespace

Hedge::Hedge(const config::Hedge& settings) noexcept : settings_(settings) {}

void Hedge::add(Duration first_byte) noexcept {
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(first_byte).count();
  counts_[bucket_of(static_cast<std::uint64_t>(std::max<std::int64_t>(us, 0)), kBuckets)].fetch_add(
      1, kRelaxed);
  if (total_.fetch_add(1, kRelaxed) + 1 != kWindow) { return; }
  std::uint32_t left = 0;
  for (auto& count : counts_) {
    const std::uint32_t half = count.load(kRelaxed) / 2;
    count.store(half, kRelaxed);
    left += half;
  }
  total_.store(left, kRelaxed);
}

std::optional<Duration> Hedge::delay() const noexcept {
  const std::uint32_t total = total_.load(kRelaxed);
  if (total < kEnough) { return std::nullopt; }
  const std::uint32_t above = total / 20;  // 5 %
  std::uint32_t seen = 0;
  std::size_t bucket = kBuckets;
  while (bucket-- > kPerDoubling * kFractionBits) {
    seen += counts_[bucket].load(kRelaxed);
    if (seen > above) { break; }
  }
  const auto p95 = std::chrono::microseconds(end_of(std::max<std::size_t>(bucket, 8)));
  return std::max<Duration>(p95, settings_.min_delay);
}

void Hedge::count_request() noexcept {
  requests_.fetch_add(1, kRelaxed);
}

bool Hedge::take() noexcept {
  const auto requests = static_cast<double>(requests_.load(kRelaxed));
  const auto allowed = static_cast<std::uint64_t>(requests * settings_.max_extra / 100);
  if (extra_.fetch_add(1, kRelaxed) < allowed) { return true; }
  extra_.fetch_sub(1, kRelaxed);
  return false;
}

}  // namespace butter::routing
