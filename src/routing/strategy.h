#pragma once

#include <atomic>
#include <cstdint>
#include <span>

#include "base/random.h"
#include "config/config.h"

namespace butter::routing {

/// What a strategy needs to know of one target.
struct Ranked {
  std::uint16_t target = 0;     ///< index into the route's targets
  double weight = 1;            ///< weighted
  std::int64_t latency_ns = 0;  ///< least_latency; 0 = unknown
};

/// Puts the targets of a route into the order in which they are tried.
///
///  - priority: as they stand;
///  - round_robin: begins one further each time;
///  - weighted: drawn one after the other by their weights; those of weight 0 come last;
///  - least_latency: unknown ones first, then the fastest; every 20th request swaps the first two,
///  so
///    that what was slow once is looked at again.
///
/// \param turn  the route's own counter, shared by the workers: consecutive requests take
/// consecutive
///              turns whichever worker they land on. Only read by the strategies that need it.
void arrange(config::Strategy strategy, std::span<Ranked> targets, std::atomic<std::uint32_t>& turn,
             Random& random) noexcept;

}  // namespace butter::routing
