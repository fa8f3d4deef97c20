#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/buffer.h"
#include "gateway/rate_claims.h"
#include "gateway/rate_limiter.h"

namespace butter::gateway {

/// One request under the limits of its caller: it enters, it is charged by an estimate of its
/// tokens, and that is settled in the end. Used again with its memory. Thread: worker-local.
class Admission {
 public:
  using Step = RateLimiter::Step;
  using Done = std::move_only_function<void()>;

  /// One request more, by its head. `done` as RateLimiter::take() has it.
  /// \param limiter  outlives it until forget()
  [[nodiscard]] Step enter(RateLimiter& limiter, CallerLimits limits, Done done);
  /// What its body may cost. Granted when nobody counts its tokens.
  [[nodiscard]] Step charge(const ClientRequest& request, Done done);
  /// Once; then nothing of the tokens is known any more.
  /// \param used  tokens; nullopt = not known, the estimate stands
  void settle(std::optional<std::uint64_t> used);
  /// The request is over, or no limit is in force.
  void forget() noexcept;

  /// The caller is under a limit.
  [[nodiscard]] bool in_force() const noexcept { return in_force_; }
  /// The claim that was refused; nullptr = none.
  [[nodiscard]] const limit::Claim* refused() const noexcept;
  /// Appends x-ratelimit-limit-requests and its like, as far as limits are in force.
  /// \source platform.openai.com/docs/guides/rate-limits, "Rate limits in headers"
  void write_fields(Buffer& out) const;

 private:
  RateLimiter* limiter_ = nullptr;
  bool in_force_ = false;
  CallerLimits limits_;
  Claims requests_;
  Claims tokens_;
};

/// One attempt under the limits of its provider and of the model there. Used again with its memory.
/// Thread: worker-local.
class AttemptQuota {
 public:
  /// \param limiter  outlives it until settle()
  [[nodiscard]] RateLimiter::Step take(RateLimiter& limiter, const config::RateLimit& settings,
                                       std::string_view provider, std::string_view model,
                                       const ClientRequest& request, Admission::Done done);
  /// Ends it, as Admission::settle() has it; a verdict that has not come is given up.
  void settle(std::optional<std::uint64_t> used);
  /// Why it was refused, and when to ask again.
  [[nodiscard]] Error error() const;
  [[nodiscard]] bool was_refused() const noexcept { return claims_.refused != nullptr; }

 private:
  RateLimiter* limiter_ = nullptr;
  Claims claims_;
};

}  // namespace butter::gateway
