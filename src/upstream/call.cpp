#include "upstream/call.h"

#include <algorithm>
#include <optional>

#include "upstream/connection.h"
#include "upstream/pool.h"

namespace butter::upstream {

Call::Call() noexcept : deadline_(net::Timer::calling<&Call::on_deadline>(this)) {}

void Call::start(Pool& pool, CallSink& sink, const Request& request, const Limits& limits) {
  sink_ = &sink;
  pool_ = &pool;
  piece_count_ = static_cast<std::uint8_t>(request.pieces.size());
  std::ranges::copy(request.pieces, pieces_.begin());
  is_head_ = request.is_head;
  body_open_ = request.body_follows;
  replayable_ = true;
  sent_ = sent_at_once_ = got_bytes_ = got_head_ = paused_ = drained_due_ = false;
  late_body_.clear();
  limits_ = limits;
  lent_at_ = connected_at_ = sent_at_ = TimePoint{};
  started_at_ = std::chrono::steady_clock::now();
  moved_at_ = pool.loop_.now();
  if (pool.endpoint().gate && !enter_gate()) { return; }
  take_connection();
  sent_at_once_ = sent_;
}

/// \return whether it is inside. If not it waits, or has failed.
bool Call::enter_gate() {
  const Endpoint& endpoint = pool_->endpoint();
  switch (place_.enter(*endpoint.gate,
                       {.inside = endpoint.max_in_flight, .waiting = endpoint.max_queued},
                       pool_->loop_, [this] { take_connection(); })) {
    case Gate::Entry::inside: return true;
    case Gate::Entry::waiting: arm_deadline(); return false;
    case Gate::Entry::full:
      fail_overloaded("as many requests are under way as may be, and as many wait");
      return false;
  }
  __builtin_unreachable();
}

void Call::take_connection() {
  pool_->lend(*this, Pool::Lend::any);
  if (active() && !got_head_ && !deadline_.armed()) { arm_deadline(); }
}

bool Call::send_body(std::string_view bytes, bool last) {
  if (!active() || !body_open_) { return true; }
  body_open_ = !last;
  replayable_ = false;
  if (sent_) { return true; }  // the upstream no longer reads; its answer or its end is on the way
  late_body_.append(bytes);
  if (connection_ != nullptr) { connection_->write_request(); }
  const bool room = late_body_.size() < kHighMark;
  drained_due_ = drained_due_ || !room;
  return room;
}

void Call::set_total(Duration total) noexcept {
  if (!active()) { return; }
  limits_.total = total;
  arm_deadline();
}

void Call::pause() noexcept {
  paused_ = true;
}

void Call::resume() {
  if (!paused_) { return; }
  paused_ = false;
  if (!active() || connection_ == nullptr) { return; }
  moved_at_ = pool_->loop_.now();
  arm_deadline();
  connection_->read_answer();
}

void Call::cancel() noexcept {
  leave(false);
}

void Call::discard() noexcept {
  leave(got_head_ && sent_);
}

void Call::leave(bool reuse) noexcept {
  if (!active()) { return; }
  sink_ = nullptr;
  deadline_.cancel();
  place_.leave();
  late_body_.release();
  if (connection_ != nullptr) {
    std::exchange(connection_, nullptr)->detach(reuse);
  } else {
    pool_->forget(*this);
  }
}

void Call::lent() noexcept {
  moved_at_ = pool_->loop_.now();
  if (lent_at_ == TimePoint{}) { lent_at_ = moved_at_; }
  if (connection_->ready()) { connected_at_ = moved_at_; }
  // Where it had to wait the deadline was another one.
  if (deadline_.armed()) { arm_deadline(); }
}

void Call::request_sent() noexcept {
  sent_ = true;
  sent_at_ = moved_at_ = std::chrono::steady_clock::now();
  if (!got_head_) { arm_deadline(); }
}

void Call::moved() noexcept {
  moved_at_ = pool_->loop_.now();
}

void Call::start_over() noexcept {
  connection_ = nullptr;
  sent_ = false;
  moved_at_ = pool_->loop_.now();
  arm_deadline();
}

void Call::arm_deadline() {
  const TimePoint now = pool_->loop_.now();
  std::optional<TimePoint> due;
  const auto consider = [&due](TimePoint from, Duration limit) {
    if (limit > Duration::zero() && (!due || from + limit < *due)) { due = from + limit; }
  };
  consider(started_at_, limits_.total);
  if (connection_ == nullptr) {
    consider(moved_at_, pool_->endpoint().queue_timeout);
  } else if (!connection_->ready()) {
    consider(moved_at_, limits_.connect);
  } else if (!got_head_) {
    consider(sent_ ? sent_at_ : moved_at_, limits_.first_byte);
  } else if (!paused_) {
    consider(moved_at_, limits_.idle);
  }
  if (due) {
    pool_->loop_.arm(deadline_, *due - now);
  } else {
    deadline_.cancel();
  }
}

void Call::on_deadline() {
  const TimePoint now = pool_->loop_.now();
  const auto passed = [now](TimePoint from, Duration limit) {
    return limit > Duration::zero() && now >= from + limit;
  };
  const auto in_ms = [](Duration d) {
    return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(d).count()) + " ms";
  };
  const bool over = passed(started_at_, limits_.total);
  if (connection_ == nullptr) {
    if (over || passed(moved_at_, pool_->endpoint().queue_timeout)) {
      fail_overloaded("as many requests are under way as may be: no turn within " +
                      in_ms(now - moved_at_));
    } else {
      arm_deadline();
    }
    return;
  }
  std::string what;
  if (over) {
    what = "no complete answer within " + in_ms(limits_.total);
  } else if (!connection_->ready()) {
    if (passed(moved_at_, limits_.connect)) {
      what = "no connection within " + in_ms(limits_.connect);
    }
  } else if (!got_head_) {
    if (passed(sent_ ? sent_at_ : moved_at_, limits_.first_byte)) {
      what = "no answer within " + in_ms(limits_.first_byte);
    }
  } else if (!paused_ && passed(moved_at_, limits_.idle)) {
    what = "the answer stalled for " + in_ms(limits_.idle);
  }
  if (what.empty()) {
    arm_deadline();
    return;
  }
  std::exchange(connection_, nullptr)->detach(false);
  fail({Errc::upstream_timeout, std::move(what)});
}

void Call::fail_overloaded(std::string detail) {
  // As long as the first in the queue has waited for its turn, so long will who comes next.
  const TimePoint now = pool_->loop_.now();
  const auto& gate = pool_->endpoint().gate;
  const TimePoint first = std::min(gate ? gate->first_waits_since().value_or(now) : now,
                                   pool_->first_waits_since().value_or(now));
  pool_->forget(*this);
  fail({Errc::overloaded, std::move(detail), now - first});
}

void Call::fail(Error error) {
  CallSink* const sink = std::exchange(sink_, nullptr);
  deadline_.cancel();
  place_.leave();
  late_body_.release();
  sink->on_failure(std::move(error));
  sink->on_flush();
}

}  // namespace butter::upstream
