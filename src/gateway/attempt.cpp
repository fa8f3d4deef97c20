// Where a request goes: routing, attempts, back-off, hedging.

#include <algorithm>
#include <utility>

#include "gateway/exchange.h"
#include "gateway/way.h"
#include "gateway/worker.h"

namespace butter::gateway {

namespace {

std::string unsupported(std::string_view provider, const ClientRequest& request) {
  std::string message = "provider \"" + std::string(provider) + "\" does not support ";
  if (request.operation == provider::Operation::messages) {
    message += "Anthropic native API";
  } else if (request.operation == provider::Operation::embeddings) {
    message += "embeddings";
  } else {
    message += "/v1" + request.rest;
  }
  return message;
}

/// A caller's own mistake is no news for the operator.
bool is_callers(const routing::Failure& failure) {
  const int status = failure.status;
  return status >= 400 && status < 500 && status != 401 && status != 403 && status != 429;
}

Duration shorter(Duration limit, Duration guard) {
  if (guard == Duration::zero()) { return limit; }
  return limit == Duration::zero() ? guard : std::min(limit, guard);
}

}  // namespace

Result<routing::Candidates> Exchange::candidates() {
  const Snapshot& snapshot = snapshot_->snapshot();
  if (!request_.native) {
    return snapshot.router().candidates(request_.model, request_.provider_name, worker_.random());
  }
  const std::size_t index = snapshot.find_provider(request_.provider_name);
  if (index == snapshot.provider_count()) {
    return fail(Errc::not_found, "provider \"" + request_.provider_name + "\" not found");
  }
  const bool reached = snapshot.endpoint(index) != nullptr ||
                       snapshot.config().providers[index].type == config::ProviderType::mock ||
                       !snapshot.config().providers[index].off.empty();
  if (!snapshot.provider(index).has_native() || !reached) {
    return fail(Errc::bad_request,
                "provider \"" + request_.provider_name + "\" does not support passthrough");
  }
  if (const std::string& why = snapshot.config().providers[index].off; !why.empty()) {
    return fail(Errc::unavailable, "provider \"" + request_.provider_name + "\" is off: " + why);
  }
  return snapshot.router().exactly(static_cast<std::uint16_t>(index));
}

/// Leaves out the candidates that cannot say the request, and gives the others their own names for
/// the model. A messages caller's go first that take its bytes as they are.
Result<void> Exchange::keep_speakers(routing::Candidates& candidates) {
  if (request_.native) { return {}; }
  const Snapshot& snapshot = snapshot_->snapshot();
  const std::uint16_t first = candidates.items[0].provider;
  Error why{Errc::bad_request, {}};
  const auto end = candidates.items.begin() + static_cast<std::ptrdiff_t>(candidates.count);
  const auto speaks = [&](routing::Candidate& candidate) {
    const provider::Provider& provider = snapshot.provider(candidate.provider);
    if (auto name = provider.own_name(candidate.model)) {
      candidate.model = renamed_.emplace_front(*std::move(name));
    }
    const Way way = way_to(provider, request_, candidate.model);
    auto lost = lost_on(way, provider, request_, candidate.model, candidates.strict);
    if (!lost) { why = lost.error(); }
    return way != Way::none && lost.has_value();
  };
  // Not remove_if: the reason of the last one that cannot is told.
  auto kept = candidates.items.begin();
  for (auto each = candidates.items.begin(); each != end; ++each) {
    if (speaks(*each)) { *kept++ = *each; }
  }
  candidates.count = static_cast<std::size_t>(kept - candidates.items.begin());
  if (candidates.count > 1 && request_.operation == provider::Operation::messages) {
    std::stable_partition(candidates.items.begin(), kept, [&](const routing::Candidate& each) {
      return way_to(snapshot.provider(each.provider), request_, each.model) != Way::translated;
    });
  }
  if (candidates.count > 0) { return {}; }
  if (why.detail.empty()) {
    why.detail = unsupported(snapshot.config().providers[first].name, request_);
  }
  return std::unexpected(std::move(why));
}

void Exchange::route() {
  auto found = candidates();
  if (found) {
    if (auto kept = keep_speakers(*found); !kept) { found = std::unexpected(kept.error()); }
  }
  if (!found) {
    refuse(found.error().code, found.error().detail);
    return;
  }
  candidates_ = *found;
  const Snapshot& snapshot = snapshot_->snapshot();
  plan_ = routing::Plan(snapshot.config(), snapshot.router(), candidates_, request_.model);
  const auto attempt = plan_.start(loop_.now(), worker_.random());
  if (!attempt) {
    refuse(attempt.error().code, attempt.error().detail);
    return;
  }
  request_.body_streams = !request_.body_ended;
  if (request_.stream_wanted && patience().keep_alive > Duration::zero()) {
    last_out_ = loop_.now();
    loop_.arm(pulse_, patience().keep_alive);
  }
  arm_hedge();
  worker_.telemetry().count_attempt(snapshot.config().providers[attempt->provider].name, "first");
  start_attempt(first_, *attempt);
}

Lane::Terms Exchange::terms_for(const config::Provider& provider) const {
  const config::TimeLimits& limits = provider.timeouts;
  const Duration stall = request_.stream_wanted ? patience().stall_timeout : Duration::zero();
  return {.due = received_at_,
          .limits = {.connect = limits.connect,
                     .first_byte = shorter(limits.first_byte, stall),
                     .idle = shorter(limits.idle, stall),
                     .total = request_.stream_wanted ? limits.stream_total : limits.total},
          .hold = patience().hold_time,
          .strict = candidates_.strict,
          .streaming_only = head_out_,
          .keep_rate_limits = !admission_.in_force()};
}

void Exchange::start_attempt(Lane& lane, const routing::Attempt& attempt) {
  state_ = State::attempting;
  if (last_ != nullptr) { overhead_ += last_->overhead(); }
  if (attempts_ == 0) { read_at_ = received_at_; }
  if (attempts_ == 1) { first_attempt_at_ = last_->started_at(); }
  ++attempts_;
  last_ = &lane;
  const config::Provider& provider = snapshot_->config().providers[attempt.provider];
  // Last: the attempt may end, and this object with it, before start() returns.
  if (auto begun = lane.start(request_, snapshot_, attempt, terms_for(provider)); !begun) {
    on_not_begun(lane, begun.error());
  } else if (lane.waits() && request_.body_streams) {
    connection_->pause_input();
  }
}

void Exchange::on_not_begun(Lane& lane, const Error& error) {
  --attempts_;
  if (error.code == Errc::rate_limited) {
    soonest_ =
        soonest_ == Duration::zero() ? error.retry_after : std::min(soonest_, error.retry_after);
  }
  on_not_started(lane, error);
}

/// Nothing went out: the provider is passed over like one that is full.
void Exchange::on_not_started(Lane& lane, const Error& error) {
  if (others_run(lane)) {
    pass_over(lane, {.code = Errc::overloaded});
    return;
  }
  routing::Next next;
  if (candidates_.count > 1) { next = next_after(lane, {.code = Errc::overloaded}, error.detail); }
  if (next.kind == routing::Next::Kind::attempt) {
    try_next(next);
  } else {
    refuse(error.code, error.detail,
           error.code == Errc::rate_limited ? soonest_ : Duration::zero());
  }
}

bool Exchange::others_run(const Lane& lane) const {
  const Lane* const other = &lane == &first_ ? second_.get() : &first_;
  return other != nullptr && other->active();
}

Lane& Exchange::idle_lane() {
  if (!first_.active()) { return first_; }
  if (!second_) {
    Lane::Owner& owner = *this;
    second_ = std::make_unique<Lane>(worker_, loop_, owner);
  }
  return *second_;
}

void Exchange::arm_hedge() {
  if (candidates_.hedge == nullptr || request_.native || request_.body_streams) { return; }
  if (const auto delay = candidates_.hedge->delay()) { loop_.arm(hedge_, *delay); }
  candidates_.hedge->count_request();
}

/// Nothing has come for longer than nearly all answers take: a second attempt runs beside the
/// first.
void Exchange::on_hedge_due() {
  if (state_ != State::attempting || !first_.active() || others_run(first_)) { return; }
  if (!candidates_.hedge->take()) { return; }
  const auto attempt = plan_.beside(loop_.now(), worker_.random());
  if (!attempt) { return; }
  received_at_ = std::chrono::steady_clock::now();
  worker_.telemetry().count_attempt(snapshot_->config().providers[attempt->provider].name, "hedge");
  start_attempt(idle_lane(), *attempt);
}

routing::Next Exchange::next_after(Lane& lane, const routing::Failure& failure,
                                   std::string_view message) {
  using log::field;
  const std::string& name = lane.provider().config().name;
  auto change = routing::ProviderHealth::Change::none;
  routing::Next next = plan_.after(lane.attempt(), failure, loop_.now(), worker_.random(), change);
  worker_.logger().write(is_callers(failure) ? log::Level::debug : log::Level::warn,
                         "upstream attempt failed", field("provider", name),
                         field("model", request_.model), field("attempt", attempts_),
                         field("errc", to_string(failure.code)), field("status", failure.status),
                         field("error", message), field("request_id", request_.id));
  worker_.log_breaker(name, change);
  // Bytes that were passed on as they came cannot be sent again, and /native is not ours to repeat.
  if (request_.native || request_.body_streams) { next.kind = routing::Next::Kind::give_up; }
  return next;
}

/// An attempt failed while another one runs: that one decides.
void Exchange::pass_over(Lane& lane, const routing::Failure& failure) {
  worker_.log_breaker(lane.provider().config().name,
                      plan_.note(lane.attempt(), failure, loop_.now()));
  last_ = &lane == &first_ ? second_.get() : &first_;
}

bool Exchange::on_refused(Lane& lane, const routing::Failure& failure) {
  // What the provider answered may not be the last word while another attempt runs.
  if (others_run(lane)) {
    pass_over(lane, failure);
    lane.leave();
    return true;
  }
  const routing::Next next = next_after(lane, failure, "status " + std::to_string(failure.status));
  if (next.kind == routing::Next::Kind::give_up) { return false; }
  lane.leave();
  try_next(next);
  return true;
}

void Exchange::on_accepted(Lane& lane) {
  const Duration waited = loop_.now() - lane.started_at();
  plan_.answered(lane.attempt(), waited);
  if (candidates_.hedge != nullptr) { candidates_.hedge->add(waited); }
}

void Exchange::on_lost(Lane& lane, const routing::Failure& failure, std::string message) {
  const std::string why = std::move(message);
  message = lane.provider().config().name + " request failed: " + why;
  // Events that are ready have come whole, and go out first; other bytes only behind others.
  const bool ready = winner_ == &lane && lane.is_events() && lane.bytes() > 0;
  const bool hooked = hooked_answer_.active() && winner_ == &lane;
  if (content_out_ || ready || (hooked && hooked_answer_.has_events())) {
    if (hooked) {
      worker_.log_breaker(lane.provider().config().name,
                          plan_.note(lane.attempt(), failure, loop_.now()));
      lost_ = Error{failure.code, std::move(message)};
      take_in(lane);
      return;
    }
    if (lane.bytes() > 0) { send(lane); }
    worker_.log_breaker(lane.provider().config().name,
                        plan_.note(lane.attempt(), failure, loop_.now()));
    break_off(failure.code, std::move(message));
    return;
  }
  if (winner_ == &lane) {
    winner_ = nullptr;
    hooked_answer_.stop();
    state_ = State::attempting;
  }
  status_ = 0;
  if (others_run(lane)) {
    pass_over(lane, failure);
    return;
  }
  const routing::Next next = next_after(lane, failure, message);
  if (next.kind == routing::Next::Kind::attempt) {
    try_next(next);
  } else if (!lane.error_body().empty() && !head_out_) {
    error_ = why;
    refuse_with(answer_for(failure.code), lane.error_body());
  } else {
    refuse(failure.code, message, failure.retry_after.value_or(Duration::zero()));
  }
}

void Exchange::try_next(const routing::Next& next) {
  const routing::Attempt& before = last_->attempt();
  next_reason_ = next.attempt.provider != before.provider ? "failover"
                 : next.attempt.key != before.key         ? "key"
                                                          : "retry";
  next_ = next.attempt;
  hedge_.cancel();
  if (next.delay > Duration::zero()) {
    state_ = State::waiting;
    loop_.arm(backoff_, next.delay);
  } else {
    start_next();
  }
}

void Exchange::on_backoff_over() {
  start_next();
}

void Exchange::start_next() {
  // Counted when it is made: the client may leave before a back-off is over.
  worker_.telemetry().count_attempt(snapshot_->config().providers[next_.provider].name,
                                    next_reason_);
  received_at_ = std::chrono::steady_clock::now();
  start_attempt(idle_lane(), next_);
}

}  // namespace butter::gateway
