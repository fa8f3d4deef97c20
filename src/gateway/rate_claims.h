#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "gateway/client_request.h"
#include "http/head.h"
#include "limit/claim.h"
#include "limit/ip.h"
#include "net/address.h"

namespace butter::gateway {

/// The limits that a caller is under, and whose buckets they are.
struct CallerLimits {
  limit::Scope scope = limit::Scope::everyone;
  std::string key{};
  std::uint32_t requests_per_minute = 0;  ///< 0 = no limit
  std::uint32_t burst = 0;                ///< of requests
  std::uint32_t tokens_per_minute = 0;    ///< 0 = no limit
};

/// The buckets are those of the app key, else of the client's address, else those of all, as far as
/// the settings ask for them.
/// \param trusted  the settings' trusted_proxies
[[nodiscard]] CallerLimits limits_of_caller(const config::RateLimit& settings,
                                            const std::vector<limit::Network>& trusted,
                                            const net::Address& peer, const http::Fields& fields);

/// What a caller asks for.
[[nodiscard]] limit::Claim claim_of(const CallerLimits& limits, limit::Unit unit,
                                    std::uint64_t units);

/// Appends what an attempt asks of the limits of a provider and of its model.
/// \param model   the provider's name for it
void append_claims(const config::RateLimit& settings, std::string_view provider,
                   std::string_view model, const ClientRequest& request,
                   std::vector<limit::Claim>& claims);

/// How many tokens a request may cost, before anybody has counted them: a quarter of the body's
/// bytes, and the most that it lets the answer have. 0 for what is not counted in tokens (images,
/// say), and for bodies that are passed on as they come.
[[nodiscard]] std::uint64_t estimate_tokens(const ClientRequest& request);

/// "rate limit exceeded (5 requests/minute)". For providers and models it names no caller.
[[nodiscard]] std::string message_of(const limit::Claim& refused);

}  // namespace butter::gateway
