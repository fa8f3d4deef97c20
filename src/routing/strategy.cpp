#include "routing/strategy.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace butter::routing {

namespace {

constexpr std::uint32_t kExploreEvery = 20;

void by_weight(std::span<Ranked> targets, Random& random) noexcept {
  const auto drawn_last =
      std::ranges::find_if(targets, [](const Ranked& r) { return !(r.weight > 0); });
  if (drawn_last != targets.end()) {
    // Insertion of each weighted one before the first of weight 0 keeps both groups in their order.
    auto border = drawn_last;
    for (auto it = drawn_last; it != targets.end(); ++it) {
      if (it->weight > 0) { std::rotate(border++, it, it + 1); }
    }
    targets = targets.first(static_cast<std::size_t>(border - targets.begin()));
  }
  double left = 0;
  for (const Ranked& r : targets) { left += r.weight; }
  for (; targets.size() > 1; targets = targets.subspan(1)) {
    double at = random.uniform() * left;
    std::size_t chosen = 0;
    while (chosen + 1 < targets.size() && at >= targets[chosen].weight) {
      at -= targets[chosen++].weight;
    }
    left -= targets[chosen].weight;
    const auto first = targets.begin();
    std::rotate(first, first + static_cast<std::ptrdiff_t>(chosen),
                first + static_cast<std::ptrdiff_t>(chosen) + 1);
  }
}

void by_latency(std::span<Ranked> targets, std::uint32_t turn) noexcept {
  // The index as the second key makes the order stable without std::stable_sort's allocation.
  std::ranges::sort(targets, {},
                    [](const Ranked& r) { return std::tuple(r.latency_ns, r.target); });
  const bool explore = turn % kExploreEvery == kExploreEvery - 1;
  if (explore && targets.size() > 1) { std::swap(targets[0], targets[1]); }
}

}  // namespace

void arrange(config::Strategy strategy, std::span<Ranked> targets, std::atomic<std::uint32_t>& turn,
             Random& random) noexcept {
  if (targets.size() < 2) { return; }
  switch (strategy) {
    case config::Strategy::priority: return;
    case config::Strategy::round_robin: {
      const std::uint32_t first = turn.fetch_add(1, std::memory_order_relaxed);
      std::ranges::rotate(targets, targets.begin() + first % targets.size());
      return;
    }
    case config::Strategy::weighted: by_weight(targets, random); return;
    case config::Strategy::least_latency:
      by_latency(targets, turn.fetch_add(1, std::memory_order_relaxed));
      return;
  }
}

}  // namespace butter::routing
