#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "limit/claim.h"
#include "limit/table.h"

namespace butter::limit {

/// All buckets of this process. Thread: any (synchronised inside)
class Ledger {
 public:
  /// Grants all claims, or none of them: what was taken before one is refused is given back.
  /// \return the one that was refused; nullptr when all were granted
  [[nodiscard]] const Claim* take(std::span<Claim> claims, TimePoint now);
  /// A claim that was granted turned out to be of `used` units.
  void settle(const Claim& granted, std::uint64_t used, TimePoint now);

 private:
  struct Buckets {
    Bucket everyone;                      ///< without a lock, for most requests take from it
    std::array<Table, kScopes - 1> each;  ///< by scope
  };
  std::array<Buckets, kUnits> buckets_;  ///< by unit
};

}  // namespace butter::limit
