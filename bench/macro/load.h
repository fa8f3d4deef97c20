#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "connection.h"
#include "histogram.h"

namespace butter::bench {

struct LoadPlan {
  Job job;
  std::size_t connections = 32;
  double rate = 0;  ///< requests a second; 0 = closed loop: as fast as answers come
  Nanos warm_up = 0;
  Nanos window = 0;                 ///< what is measured, after the warm-up
  std::uint64_t most_requests = 0;  ///< ends the window early; 0 = no limit
  std::vector<int> watched;         ///< processes whose CPU time is read at both ends of the window
};

struct LoadResult {
  std::uint64_t requests = 0;  ///< answered in the window
  std::uint64_t errors = 0;    ///< failed at any time, or intended in the window and never answered
  std::string first_error;
  Nanos window = 0;  ///< its real length
  Nanos watched_cpu = 0;
  Histogram latency;     ///< intended in the window: from there to the answer's last byte
  Histogram first_byte;  ///< the same to the first byte of its body
  StreamTally stream;
};

/// Sends one request after the other on each of its connections. With a rate, latency counts from
/// the moment at which the request was due, also when no connection was free then, so that a stall
/// of the server shows in every request that it held up. Thread: main.
class Load {
 public:
  explicit Load(LoadPlan plan);

  [[nodiscard]] LoadResult run();

 private:
  enum class Phase : std::uint8_t { warm_up, window, drain };

  void advance_phase(Nanos now);
  void begin_window(Nanos now);
  void end_window(Nanos now);
  [[nodiscard]] Nanos next_wake() const noexcept;
  [[nodiscard]] bool finished(Nanos now) const noexcept;

  void start_due(Nanos now);
  void start_on(Connection& connection, Nanos intended);
  void on_event(const epoll_event& event);
  void on_answered(const Connection& connection, Nanos now);
  void on_failed(const Connection& connection);
  /// Gives a connection that has become free its next request, or keeps it for later.
  void release(Connection& connection, Nanos now);
  void count_unanswered();

  const LoadPlan plan_;
  Poller poller_;
  LoadResult result_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<Connection*> by_fd_;
  std::vector<Connection*> idle_;
  std::deque<Nanos> overdue_;  // intended times for which no connection was free

  Phase phase_ = Phase::warm_up;
  Nanos phase_end_ = 0;
  Nanos window_begin_ = 0;
  Nanos cpu_at_begin_ = 0;
  Nanos first_due_ = 0;
  std::uint64_t scheduled_ = 0;  // requests that came due, with a rate
};

}  // namespace butter::bench
