#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "limit/claim.h"
#include "limit/ledger.h"
#include "log/logger.h"
#include "metrics/counter.h"
#include "net/loop.h"
#include "net/resolver.h"
#include "redis/client.h"
#include "redis/command.h"

namespace butter::gateway {

/// Claims that are judged together, all of them granted or none. Destroying it gives up a verdict
/// that has not come. Used again with its memory. Thread: worker-local.
struct Claims {
  std::vector<limit::Claim> items;
  const limit::Claim* refused = nullptr;  ///< once they are judged; nullptr = granted
  bool in_redis = false;                  ///< it was Redis that granted them
  redis::Client::Ticket ticket;           ///< of a verdict that has not come

  void clear() noexcept;
};

/// Where shared buckets are, and what their names begin with. Thread: any (immutable).
struct SharedBuckets {
  std::shared_ptr<const redis::Server> server;  ///< nullptr = only this process's are used
  std::string key_prefix;
};

/// Judges claims: by the buckets in Redis, where those are configured and it answers in time, so
/// that limits hold across all processes; else by this process's own. Thread: worker-local.
class RateLimiter {
 public:
  /// \param ledger     of this process
  /// \param away       how many workers of this process do without Redis: the first and the last
  ///                   write a line in the log
  /// \param fallbacks  counts verdicts of this process in place of Redis
  RateLimiter(net::Loop& loop, net::Resolver& resolver, const SharedBuckets& buckets,
              limit::Ledger& ledger, std::atomic<int>& away, log::Logger& logger,
              metrics::Counter& fallbacks);
  ~RateLimiter();

  enum class Step : std::uint8_t { granted, refused, waits };
  /// \param claims  stays where it is until `done` was called, after `waits`
  /// \param done    called from the loop when the claims are judged; never after claims.clear()
  [[nodiscard]] Step take(Claims& claims, std::move_only_function<void()> done);
  /// Claims that were granted turned out to be of `used` units; those of requests stand.
  void settle(const Claims& claims, std::uint64_t used);

  [[nodiscard]] const std::shared_ptr<const redis::Server>& server() const noexcept {
    return buckets_.server;
  }

 private:
  [[nodiscard]] Step take_locally(Claims& claims);
  [[nodiscard]] bool read_verdict(Claims& claims, const redis::Reply& reply);
  [[nodiscard]] std::string key_of(const limit::Claim& claim) const;
  void settle_in_redis(const limit::Claim& claim, std::uint64_t used);
  void note(bool there, std::string_view why);

  net::Loop& loop_;
  const SharedBuckets buckets_;
  limit::Ledger& ledger_;
  std::atomic<int>& away_;
  log::Logger& logger_;
  metrics::Counter& fallbacks_;
  bool is_away_ = false;
  const redis::Script take_;
  const redis::Script settle_;
  std::unique_ptr<redis::Client> client_;  ///< nullptr = only the ledger; goes first
};

}  // namespace butter::gateway
