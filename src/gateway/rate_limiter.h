#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "config/config.h"
#include "http/head.h"
#include "limit/bucket.h"
#include "limit/ip.h"
#include "limit/table.h"
#include "net/address.h"

namespace butter::gateway {

/// Lets requests through as `plugins.ratelimit` says, before their body is read. The buckets belong
/// to all workers, and live on when the configuration changes. Thread: any (synchronised inside)
class RateLimiter {
 public:
  /// The header that names a caller's app key.
  static constexpr std::string_view kAppKeyHeader = "x-butter-app-key";

  struct Refusal {
    std::string message;  ///< "rate limit exceeded (5 requests/minute)"
    std::uint32_t per_minute = 0;
    limit::Verdict verdict;
  };

  /// The bucket is that of the app key, else of the client's address, else that of all, as far as
  /// the settings ask for them.
  /// \param trusted  the settings' trusted_proxies
  /// \return nullopt: it passes
  [[nodiscard]] std::optional<Refusal> refusal(const config::RateLimit& settings,
                                               const std::vector<limit::Network>& trusted,
                                               const net::Address& peer, const http::Fields& fields,
                                               TimePoint now);

 private:
  limit::Bucket everyone_;
  limit::Table clients_;
  limit::Table app_keys_;
};

}  // namespace butter::gateway
