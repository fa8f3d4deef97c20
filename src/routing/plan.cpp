#include "routing/plan.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include "base/strings.h"

namespace butter::routing {

/// What a failure calls for, most hopeful first; each falls back on the one after it.
enum class Plan::Course : std::uint8_t {
  give_up,        ///< the request is at fault, not the provider
  same_provider,  ///< it may pass: wait, then the same again, then the next
  next_provider,  ///< it will not pass here
  next_or_same,   ///< the provider is not reached: the next at once, or wait when there is none
};

namespace {

constexpr Duration kCoolRateLimited = 10s;
constexpr Duration kCoolRefused = 60s;
constexpr Duration kCoolMost = 1h;

bool blames_key(const Failure& failure) {
  return failure.code == Errc::upstream_status &&
         (failure.status == 401 || failure.status == 403 || failure.status == 429);
}

/// Statuses that say that the request itself is wrong: another provider would say the same.
bool blames_caller(int status) {
  constexpr std::array kTheirs{400, 405, 406, 411, 413, 414, 415, 417, 422, 431};
  return std::ranges::find(kTheirs, status) != kTheirs.end();
}

}  // namespace

Plan::Plan(const config::Config& config, const Router& router, const Candidates& candidates,
           std::string_view model)
    : config_(&config), router_(&router), candidates_(candidates), model_(model) {}

const config::Provider& Plan::provider_of(const Candidate& candidate) const {
  return config_->providers[candidate.provider];
}

KeyRing Plan::ring_of(const Candidate& candidate) const {
  return {provider_of(candidate).keys, router_->health(candidate.provider), model_,
          candidate.model};
}

bool Plan::needs_key(const Candidate& candidate) const {
  const config::Provider& provider = provider_of(candidate);
  return provider.credential_mode == config::CredentialMode::stored && !provider.keys.empty();
}

bool Plan::in_retry_on(int status) const {
  const std::vector<int>& statuses = config_->routing.failover.retry_on;
  return std::ranges::find(statuses, status) != statuses.end();
}

Plan::Course Plan::course_of(const Failure& failure) const {
  // Who has waited for its turn does not wait at the same provider again.
  if (failure.code == Errc::overloaded) { return Course::next_provider; }
  if (failure.code != Errc::upstream_status) { return Course::next_or_same; }
  if (in_retry_on(failure.status)) { return Course::same_provider; }
  return blames_caller(failure.status) ? Course::give_up : Course::next_provider;
}

Result<Attempt> Plan::start(TimePoint now, Random& random) {
  if (enter_next_candidate(true, now, random) || enter_next_candidate(false, now, random)) {
    return current_;
  }
  const std::string& name = provider_of(candidates_.items[0]).name;
  return fail(Errc::unauthorized,
              "no key of provider " + quoted(name) + " may use model " + quoted(model_));
}

ProviderHealth::Change Plan::note(const Attempt& failed, const Failure& failure, TimePoint now) {
  cool_key(failed, failure, now);
  return judge(failed, failure, now);
}

Next Plan::after(const Attempt& failed, const Failure& failure, TimePoint now, Random& random,
                 ProviderHealth::Change& breaker_change) {
  breaker_change = note(failed, failure, now);
  go_back_to(failed);
  const bool failover = config_->routing.failover.enabled;
  const Course course = course_of(failure);
  const bool other_key_may_help = blames_key(failure) || course == Course::same_provider;
  if (other_key_may_help && use_other_key(now, random)) { return attempt_after(Duration{0}); }
  if (!failover || course == Course::give_up) { return {}; }

  const bool kept_away = router_->health(current_.provider).is_open(now);
  if (course == Course::same_provider && !kept_away) {
    const Next again = same_again(failure, now, random);
    if (again.kind == Next::Kind::attempt) { return again; }
  }
  if (enter_next_candidate(true, now, random) || enter_next_candidate(false, now, random)) {
    return attempt_after(Duration{0});
  }
  const bool last_resort =
      course == Course::next_or_same || (course == Course::same_provider && kept_away);
  return last_resort ? same_again(failure, now, random) : Next{};
}

std::optional<Attempt> Plan::beside(TimePoint now, Random& random) {
  if (enter_next_candidate(true, now, random)) { return current_; }
  const Candidate& candidate = candidates_.items[at_];
  if (router_->health(candidate.provider).is_open(now)) { return std::nullopt; }
  if (needs_key(candidate)) {
    const std::optional<int> key = ring_of(candidate).draw(KeySet{}, now, random);
    if (!key) { return std::nullopt; }
    current_.key = *key;
    keys_tried_.set(static_cast<std::size_t>(*key));
  }
  ++attempts_;
  return current_;
}

void Plan::answered(const Attempt& attempt, Duration first_byte) {
  ProviderHealth& health = router_->health(attempt.provider);
  if (candidates_.measure) { health.add_latency(first_byte); }
  if (attempt.key != Attempt::kNoKey) {
    health.key(static_cast<std::size_t>(attempt.key)).warm_up();
  }
}

ProviderHealth::Change Plan::succeeded(const Attempt& attempt) {
  return router_->health(attempt.provider).on_success();
}

/// Makes a failed attempt the current one again, when another was begun beside it.
void Plan::go_back_to(const Attempt& attempt) {
  if (attempt.candidate != at_) {
    at_ = attempt.candidate;
    retries_here_ = 0;
    keys_tried_.reset();
  }
  current_ = attempt;
  if (attempt.key != Attempt::kNoKey) { keys_tried_.set(static_cast<std::size_t>(attempt.key)); }
}

/// Tells the breaker what the failure says of the provider.
ProviderHealth::Change Plan::judge(const Attempt& failed, const Failure& failure, TimePoint now) {
  if (failure.code == Errc::overloaded) { return ProviderHealth::Change::none; }
  ProviderHealth& health = router_->health(failed.provider);
  if (failure.code != Errc::upstream_status || failure.status >= 500) {
    return health.on_failure(now);
  }
  return failure.status == 429 ? ProviderHealth::Change::none : health.on_success();
}

void Plan::cool_key(const Attempt& failed, const Failure& failure, TimePoint now) {
  if (failed.key == Attempt::kNoKey || !blames_key(failure)) { return; }
  const Duration usual = failure.status == 429 ? kCoolRateLimited : kCoolRefused;
  const Duration wait = std::min(failure.retry_after.value_or(usual), kCoolMost);
  router_->health(failed.provider).key(static_cast<std::size_t>(failed.key)).cool_down(now + wait);
}

Duration Plan::backoff(Random& random) const {
  const config::Backoff& settings = config_->routing.failover.backoff;
  const auto seconds = [](Duration d) { return std::chrono::duration<double>(d).count(); };
  const double grown =
      seconds(settings.initial) * std::pow(settings.multiplier, retries_here_ - 1.0);
  const double wait = std::min(grown, seconds(settings.max));
  const double factor = 1 - settings.jitter * random.uniform();
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(wait * factor));
}

/// Makes the candidate the current one, unless no key of it may be used. `healthy_only`: nor when
/// its breaker is open or all its keys cool down.
bool Plan::enter_candidate(std::size_t index, bool healthy_only, TimePoint now, Random& random) {
  const Candidate& candidate = candidates_.items[index];
  std::optional<int> key = Attempt::kNoKey;
  if (needs_key(candidate)) {
    const KeyRing ring = ring_of(candidate);
    key = healthy_only ? ring.draw(KeySet{}, now, random) : ring.draw_any(now, random);
  }
  if (!key) { return false; }
  // Asked last: who is admitted while the breaker is half-open must go.
  if (healthy_only && !router_->health(candidate.provider).admit(now)) { return false; }
  current_ = {.provider = candidate.provider,
              .model = candidate.model,
              .key = *key,
              .candidate = static_cast<std::uint8_t>(index)};
  at_ = index;
  retries_here_ = 0;
  keys_tried_.reset();
  if (*key != Attempt::kNoKey) { keys_tried_.set(static_cast<std::size_t>(*key)); }
  candidates_tried_.set(index);
  ++attempts_;
  return true;
}

/// The first candidate that was not tried.
bool Plan::enter_next_candidate(bool healthy_only, TimePoint now, Random& random) {
  for (std::size_t i = 0; i < candidates_.count; ++i) {
    if (!candidates_tried_[i] && enter_candidate(i, healthy_only, now, random)) { return true; }
  }
  return false;
}

bool Plan::use_other_key(TimePoint now, Random& random) {
  if (current_.key == Attempt::kNoKey) { return false; }
  const std::optional<int> key = ring_of(candidates_.items[at_]).draw(keys_tried_, now, random);
  if (!key) { return false; }
  current_.key = *key;
  keys_tried_.set(static_cast<std::size_t>(*key));
  ++attempts_;
  return true;
}

/// The same provider once more after a wait, with whichever key is best now.
Next Plan::same_again(const Failure& failure, TimePoint now, Random& random) {
  const config::Failover& failover = config_->routing.failover;
  if (retries_here_ >= failover.max_retries) { return {}; }
  const Duration asked = failure.retry_after.value_or(Duration{0});
  if (asked > failover.max_retry_after) { return {}; }
  ++retries_here_;
  if (current_.key != Attempt::kNoKey) {
    // Never empty: the current key is eligible.
    current_.key = *ring_of(candidates_.items[at_]).draw_any(now, random);
  }
  ++attempts_;
  return attempt_after(std::max(asked, backoff(random)));
}

Next Plan::attempt_after(Duration delay) const {
  return {.kind = Next::Kind::attempt, .delay = delay, .attempt = current_};
}

}  // namespace butter::routing
