#include "gateway/admission.h"

#include <chrono>
#include <utility>

#include "http/head_writer.h"

namespace butter::gateway {

namespace {

std::uint64_t in_ms(Duration d) {
  return static_cast<std::uint64_t>(std::chrono::ceil<std::chrono::milliseconds>(d).count());
}

struct FieldNames {
  std::string_view limit, remaining, reset;
};
constexpr FieldNames kFields[limit::kUnits] = {
    {"x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"},
    {"x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"},
};

void write_verdict(Buffer& out, const limit::Claim& claim) {
  const FieldNames& names = kFields[static_cast<std::size_t>(claim.unit)];
  http::write_field(out, names.limit, std::uint64_t{claim.rate.per_minute});
  http::write_field(out, names.remaining, claim.verdict.remaining);
  http::write_field(out, names.reset, std::to_string(in_ms(claim.verdict.reset)) + "ms");
}

}  // namespace

Admission::Step Admission::enter(RateLimiter& limiter, CallerLimits limits, Done done) {
  limiter_ = &limiter;
  limits_ = std::move(limits);
  in_force_ = limits_.requests_per_minute > 0 || limits_.tokens_per_minute > 0;
  if (limits_.requests_per_minute == 0) { return Step::granted; }
  requests_.items.push_back(claim_of(limits_, limit::Unit::requests, 1));
  return limiter.take(requests_, std::move(done));
}

Admission::Step Admission::charge(const ClientRequest& request, Done done) {
  if (limiter_ == nullptr || limits_.tokens_per_minute == 0) { return Step::granted; }
  tokens_.items.push_back(claim_of(limits_, limit::Unit::tokens, estimate_tokens(request)));
  return limiter_->take(tokens_, std::move(done));
}

void Admission::settle(std::optional<std::uint64_t> used) {
  const bool granted = tokens_.refused == nullptr && !tokens_.ticket;
  if (used && granted && !tokens_.items.empty()) { limiter_->settle(tokens_, *used); }
  tokens_.clear();
}

void Admission::forget() noexcept {
  requests_.clear();
  tokens_.clear();
  limiter_ = nullptr;
  in_force_ = false;
}

const limit::Claim* Admission::refused() const noexcept {
  return requests_.refused != nullptr ? requests_.refused : tokens_.refused;
}

void Admission::write_fields(Buffer& out) const {
  for (const Claims* const claims : {&requests_, &tokens_}) {
    if (!claims->items.empty()) { write_verdict(out, claims->items[0]); }
  }
}

RateLimiter::Step AttemptQuota::take(RateLimiter& limiter, const config::RateLimit& settings,
                                     std::string_view provider, std::string_view model,
                                     const ClientRequest& request, Admission::Done done) {
  limiter_ = &limiter;
  claims_.clear();
  append_claims(settings, provider, model, request, claims_.items);
  return limiter.take(claims_, std::move(done));
}

void AttemptQuota::settle(std::optional<std::uint64_t> used) {
  const bool granted = claims_.refused == nullptr && !claims_.ticket;
  if (used && granted && !claims_.items.empty()) { limiter_->settle(claims_, *used); }
  claims_.clear();
}

Error AttemptQuota::error() const {
  return {.code = Errc::rate_limited,
          .detail = message_of(*claims_.refused),
          .retry_after = claims_.refused->verdict.retry_after};
}

}  // namespace butter::gateway
