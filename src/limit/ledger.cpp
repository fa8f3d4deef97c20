#include "limit/ledger.h"

namespace butter::limit {

const Claim* Ledger::take(std::span<Claim> claims, TimePoint now) {
  for (std::size_t i = 0; i < claims.size(); ++i) {
    Claim& claim = claims[i];
    Buckets& buckets = buckets_[static_cast<std::size_t>(claim.unit)];
    claim.verdict = claim.scope == Scope::everyone
                        ? buckets.everyone.take(claim.rate, now, claim.units)
                        : buckets.each[static_cast<std::size_t>(claim.scope) - 1].take(
                              claim.key, claim.rate, now, claim.units);
    claim.full_at = (now + claim.verdict.reset).time_since_epoch().count();
    if (claim.verdict.allowed) { continue; }
    for (const Claim& granted : claims.first(i)) { settle(granted, 0, now); }
    return &claim;
  }
  return nullptr;
}

void Ledger::settle(const Claim& granted, std::uint64_t used, TimePoint now) {
  Buckets& buckets = buckets_[static_cast<std::size_t>(granted.unit)];
  const TimePoint full_at{Duration(granted.full_at)};
  if (granted.scope == Scope::everyone) {
    buckets.everyone.settle(granted.rate, granted.units, used, full_at, now);
  } else {
    buckets.each[static_cast<std::size_t>(granted.scope) - 1].settle(
        granted.key, granted.rate, granted.units, used, full_at, now);
  }
}

}  // namespace butter::limit
