#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "routing/key_ring.h"
#include "routing/retry_after.h"
#include "routing/router.h"

namespace butter::routing {

/// One try: where to send the request, and with which key.
struct Attempt {
  std::uint16_t provider = 0;
  std::string_view model{};    ///< the upstream's name for the model
  int key = kNoKey;            ///< index into the provider's keys
  std::uint8_t candidate = 0;  ///< index into the plan's candidates
  static constexpr int kNoKey =
      -1;  ///< the provider has no keys, or the caller's credentials go upstream
};

/// How an attempt ended, as far as routing cares.
struct Failure {
  Errc code = Errc::upstream_closed;      ///< one of the upstream_* codes, or overloaded
  int status = 0;                         ///< with upstream_status
  std::optional<Duration> retry_after{};  ///< the upstream's Retry-After
};

/// What to do after a failure.
struct Next {
  enum class Kind : std::uint8_t {
    give_up,  ///< answer the client with the failure
    attempt,  ///< try `attempt` after `delay` (0 = at once)
  };
  Kind kind = Kind::give_up;
  Duration delay{0};
  Attempt attempt;
};

/// The attempts of one request. Owns no clock and no socket: the Exchange reports how each attempt
/// ended and carries out what comes next.
///
///  - a status in retry_on, or 401/403/429: another eligible key of the same provider at once,
///  which
///    does not need failover.enabled; the key that failed cools down (Retry-After up to an hour,
///    else 10 s for 429, 60 s for 401 and 403);
///  - no other key, failover enabled and a status in retry_on: the same provider again after the
///    back-off (or Retry-After, when it is at most max_retry_after; a longer one is not waited
///    for); at most max_retries times per provider, and not while its breaker is open and another
///    is left;
///  - connect errors, time-outs, cut and broken answers: the next provider at once; with no further
///    one, the same again like a status in retry_on;
///  - 400, 405, 413, 415, 422 and the like are the caller's: given up at once, unless in retry_on;
///  - anything else (404, 402, ...): the next provider;
///  - overloaded, a cap of ours: the next provider at once, and no more; the breaker hears nothing;
///  - failover disabled: nothing but other keys.
/// A provider whose breaker is open, and a key that cools down, are passed over while another is
/// left; when none is, they are tried all the same. The breaker counts lost and broken answers,
/// those included of which the client has seen a part, and the statuses from 500 on; an answer
/// that came whole, or another refusal but 429, shows that the provider works.
/// Thread: worker-local.
class Plan {
 public:
  Plan() = default;
  /// \param config, router  outlive the plan (the Snapshot holds them)
  /// \param model           the caller's model, for key allowlists
  Plan(const config::Config& config, const Router& router, const Candidates& candidates,
       std::string_view model);

  /// The first attempt. \errors unauthorized: `no key of provider "x" may use model "m"`.
  [[nodiscard]] Result<Attempt> start(TimePoint now, Random& random);

  /// \param breaker_change  set when the failure opened the provider's breaker (or the answer
  ///                        closed it), for the log
  [[nodiscard]] Next after(const Attempt& failed, const Failure& failure, TimePoint now,
                           Random& random, ProviderHealth::Change& breaker_change);

  /// A failure after which nothing follows: another attempt still runs, or the client has seen a
  /// part of the answer.
  ProviderHealth::Change note(const Attempt& failed, const Failure& failure, TimePoint now);

  /// One more attempt beside the one that runs: another healthy candidate, or with none the same
  /// again. nullopt: nothing healthy is left.
  [[nodiscard]] std::optional<Attempt> beside(TimePoint now, Random& random);

  /// The attempt got its answer's head: the key works, and how fast the provider is.
  void answered(const Attempt& attempt, Duration first_byte);
  /// The answer came whole. Not before: one that breaks off counts as a failure, by note().
  [[nodiscard]] ProviderHealth::Change succeeded(const Attempt& attempt);

  [[nodiscard]] const Attempt& current() const noexcept { return current_; }
  [[nodiscard]] std::uint32_t attempts() const noexcept { return attempts_; }  ///< started so far

 private:
  enum class Course : std::uint8_t;  // what a failure calls for

  [[nodiscard]] const config::Provider& provider_of(const Candidate& candidate) const;
  [[nodiscard]] KeyRing ring_of(const Candidate& candidate) const;
  [[nodiscard]] bool needs_key(const Candidate& candidate) const;
  [[nodiscard]] bool in_retry_on(int status) const;
  [[nodiscard]] Course course_of(const Failure& failure) const;

  void go_back_to(const Attempt& attempt);
  [[nodiscard]] ProviderHealth::Change judge(const Attempt& failed, const Failure& failure,
                                             TimePoint now);
  void cool_key(const Attempt& failed, const Failure& failure, TimePoint now);
  [[nodiscard]] Duration backoff(Random& random) const;

  [[nodiscard]] bool enter_candidate(std::size_t index, bool healthy_only, TimePoint now,
                                     Random& random);
  [[nodiscard]] bool enter_next_candidate(bool healthy_only, TimePoint now, Random& random);
  [[nodiscard]] bool use_other_key(TimePoint now, Random& random);
  [[nodiscard]] Next same_again(const Failure& failure, TimePoint now, Random& random);
  [[nodiscard]] Next attempt_after(Duration delay) const;

  const config::Config* config_ = nullptr;
  const Router* router_ = nullptr;
  Candidates candidates_;
  std::string_view model_;
  Attempt current_;
  std::size_t at_ = 0;              ///< index of the current candidate
  std::uint32_t retries_here_ = 0;  ///< of the current candidate
  std::uint32_t attempts_ = 0;
  KeySet keys_tried_;  ///< of the current candidate
  std::bitset<Candidates::kMost> candidates_tried_;
};

}  // namespace butter::routing
