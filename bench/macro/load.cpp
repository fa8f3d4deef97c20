#include "load.h"

#include <algorithm>
#include <utility>

#include "proc_cpu.h"

namespace butter::bench {

namespace {

constexpr Nanos kDrainLimit = 5 * kSecond;
constexpr std::uint64_t kMostErrors = 100;  // then the run is worth nothing

}  // namespace

Load::Load(LoadPlan plan) : plan_(std::move(plan)) {
  for (std::size_t i = 0; i < plan_.connections; ++i) {
    connections_.push_back(std::make_unique<Connection>(plan_.job, poller_, result_.stream));
    idle_.push_back(connections_.back().get());
  }
}

LoadResult Load::run() {
  first_due_ = now_ns();
  phase_end_ = first_due_ + plan_.warm_up;
  for (Nanos now = first_due_; !finished(now); now = now_ns()) {
    advance_phase(now);
    start_due(now);
    for (const epoll_event& event : poller_.wait(next_wake())) { on_event(event); }
  }
  count_unanswered();
  return std::move(result_);
}

void Load::advance_phase(Nanos now) {
  const bool enough = plan_.most_requests > 0 && result_.requests >= plan_.most_requests;
  if (phase_ == Phase::warm_up && now >= phase_end_) {
    begin_window(now);
  } else if (phase_ == Phase::window && (now >= phase_end_ || enough)) {
    end_window(now);
  }
}

void Load::begin_window(Nanos now) {
  phase_ = Phase::window;
  window_begin_ = now;
  phase_end_ = now + plan_.window;
  cpu_at_begin_ = cpu_time_of(plan_.watched);
  result_.stream.counting = true;
}

void Load::end_window(Nanos now) {
  phase_ = Phase::drain;
  result_.window = now - window_begin_;
  result_.watched_cpu = cpu_time_of(plan_.watched) - cpu_at_begin_;
  result_.stream.counting = false;
  phase_end_ = now + kDrainLimit;
}

Nanos Load::next_wake() const noexcept {
  if (plan_.rate <= 0 || phase_ == Phase::drain) { return phase_end_; }
  const double offset = static_cast<double>(scheduled_) * (kSecond / plan_.rate);
  return std::min(phase_end_, first_due_ + static_cast<Nanos>(offset));
}

bool Load::finished(Nanos now) const noexcept {
  if (result_.errors >= kMostErrors) { return true; }
  if (phase_ != Phase::drain) { return false; }
  return now >= phase_end_ || (idle_.size() == connections_.size() && overdue_.empty());
}

void Load::start_due(Nanos now) {
  if (phase_ == Phase::drain) { return; }
  if (plan_.rate <= 0) {
    for (Connection* const connection : std::exchange(idle_, {})) { start_on(*connection, now); }
    return;
  }
  for (Nanos due = next_wake(); due < phase_end_ && due <= now; due = next_wake()) {
    ++scheduled_;
    if (idle_.empty()) {
      overdue_.push_back(due);
    } else {
      Connection* const connection = idle_.back();
      idle_.pop_back();
      start_on(*connection, due);
    }
  }
}

void Load::start_on(Connection& connection, Nanos intended) {
  if (connection.start(intended) == Connection::Progress::failed) {
    on_failed(connection);
    idle_.push_back(&connection);
    return;
  }
  const auto fd = static_cast<std::size_t>(connection.fd());
  if (by_fd_.size() <= fd) { by_fd_.resize(fd + 1); }
  by_fd_[fd] = &connection;
}

void Load::on_event(const epoll_event& event) {
  Connection& connection = *by_fd_[static_cast<std::size_t>(event.data.fd)];
  if (connection.fd() != event.data.fd) { return; }  // closed earlier in this batch
  const bool was_busy = connection.busy();
  const Nanos now = now_ns();
  const Connection::Progress progress = connection.on_ready(event, now);
  if (progress == Connection::Progress::pending) { return; }
  if (progress == Connection::Progress::answered) {
    on_answered(connection, now);
  } else {
    on_failed(connection);
  }
  if (was_busy) { release(connection, now); }
}

void Load::on_answered(const Connection& connection, Nanos now) {
  if (phase_ == Phase::window) { ++result_.requests; }
  const bool measured = phase_ != Phase::warm_up && connection.intended() >= window_begin_;
  if (measured) {
    result_.latency.record(now - connection.intended());
    result_.first_byte.record(connection.first_byte_at() - connection.intended());
  }
}

void Load::on_failed(const Connection& connection) {
  if (result_.errors++ == 0) { result_.first_error = connection.failure(); }
}

void Load::release(Connection& connection, Nanos now) {
  if (!overdue_.empty()) {
    const Nanos due = overdue_.front();
    overdue_.pop_front();
    start_on(connection, due);
  } else if (plan_.rate <= 0 && phase_ != Phase::drain && result_.errors < kMostErrors) {
    start_on(connection, now);
  } else {
    idle_.push_back(&connection);
  }
}

void Load::count_unanswered() {
  const std::size_t unanswered = connections_.size() - idle_.size() + overdue_.size();
  if (unanswered > 0 && result_.errors == 0) { result_.first_error = "no answer within 5 s"; }
  result_.errors += unanswered;
}

}  // namespace butter::bench
