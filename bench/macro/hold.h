#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "connection.h"

namespace butter::bench {

struct HoldResult {
  std::size_t begun = 0;   ///< streams whose first event came
  std::size_t errors = 0;  ///< streams that failed or ended
  std::string first_error;
};

/// Opens `streams` streams, prints `holding N` once each has had its first event, and keeps them
/// open until a line or the end comes on standard input, `limit` at most. Stops at the first error.
/// Thread: main.
class Hold {
 public:
  Hold(Job job, std::size_t streams, Nanos limit);
  [[nodiscard]] HoldResult run();

 private:
  void open_more();
  void on_event(const epoll_event& event);
  void on_failed(const char* why);

  const Job job_;
  const std::size_t streams_;
  const Nanos limit_;
  Poller poller_;
  StreamTally tally_;
  HoldResult result_;
  std::vector<std::unique_ptr<Connection>> by_fd_;
  std::size_t opened_ = 0;
};

}  // namespace butter::bench
