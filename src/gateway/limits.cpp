// Whether a request may go on: the limits of its caller.

#include "gateway/exchange.h"
#include "gateway/worker.h"

namespace butter::gateway {

/// \return false: it was refused, and is answered
bool Exchange::enter(const http::RequestHead& head) {
  RateLimiter* const limiter = snapshot_->limiter.get();
  if (limiter == nullptr) {
    ask_for_body();
    return true;
  }
  const Snapshot& snapshot = snapshot_->snapshot();
  switch (admission_.enter(*limiter,
                           limits_of_caller(snapshot.config().ratelimit, snapshot.trusted_proxies(),
                                            connection_->peer(), head.fields),
                           [this] { on_entered(); })) {
    case RateLimiter::Step::granted: ask_for_body(); return true;
    case RateLimiter::Step::refused: refuse_limited(); return false;
    case RateLimiter::Step::waits: break;
  }
  state_ = State::admitting;
  connection_->pause_input();
  return true;
}

void Exchange::on_entered() {
  if (admission_.refused() != nullptr) {
    refuse_limited();
    return;
  }
  state_ = State::reading;
  if (refuse_too_large()) { return; }
  ask_for_body();
  if (request_.body_ended) {
    take_up();
  } else {
    // Last: what waited may be the whole body, and the next request behind it.
    connection_->resume_input();
  }
}

/// What its body may cost is taken before it goes anywhere.
void Exchange::charge() {
  switch (admission_.charge(request_, [this] { on_charged(); })) {
    case RateLimiter::Step::granted: go_on(); return;
    case RateLimiter::Step::refused: refuse_limited(); return;
    case RateLimiter::Step::waits: state_ = State::admitting; return;
  }
}

void Exchange::on_charged() {
  if (admission_.refused() != nullptr) {
    refuse_limited();
    return;
  }
  state_ = State::reading;
  go_on();
}

/// What was taken by estimate is settled by what the answer cost, once.
void Exchange::settle() {
  if (snapshot_->limiter == nullptr) { return; }
  admission_.settle(attempts_ > 0 ? last_->tokens_used() : std::optional<std::uint64_t>(0));
  for (Lane* const lane : {&first_, second_.get()}) {
    if (lane != nullptr) { lane->settle(); }
  }
}

void Exchange::refuse_limited() {
  const limit::Claim& refused = *admission_.refused();
  refuse(Errc::rate_limited, message_of(refused), refused.verdict.retry_after);
}

}  // namespace butter::gateway
