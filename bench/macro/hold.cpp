#include "hold.h"

#include <cstdio>
#include <utility>

#include <unistd.h>

namespace butter::bench {

namespace {

constexpr std::size_t kMostOpening = 64;  // far from the accept queue of any server

}  // namespace

Hold::Hold(Job job, std::size_t streams, Nanos limit)
    : job_(std::move(job)), streams_(streams), limit_(limit) {}

HoldResult Hold::run() {
  const Nanos until = now_ns() + limit_;
  const Fd input(::dup(STDIN_FILENO));
  poller_.add(input);
  bool told = false;
  while (result_.errors == 0 && now_ns() < until) {
    open_more();
    if (!told && result_.begun == streams_) {
      std::printf("holding %zu\n", streams_);
      std::fflush(stdout);
      told = true;
    }
    for (const epoll_event& event : poller_.wait(until)) {
      if (event.data.fd == input.get()) { return std::move(result_); }
      on_event(event);
    }
  }
  if (!told) { on_failed("not all streams began"); }
  return std::move(result_);
}

void Hold::open_more() {
  while (opened_ < streams_ && opened_ - result_.begun < kMostOpening && result_.errors == 0) {
    ++opened_;
    auto connection = std::make_unique<Connection>(job_, poller_, tally_);
    if (connection->start(now_ns()) == Connection::Progress::failed) {
      on_failed(connection->failure());
      return;
    }
    const auto fd = static_cast<std::size_t>(connection->fd());
    if (by_fd_.size() <= fd) { by_fd_.resize(fd + 1); }
    by_fd_[fd] = std::move(connection);
  }
}

void Hold::on_event(const epoll_event& event) {
  Connection& connection = *by_fd_[static_cast<std::size_t>(event.data.fd)];
  const bool had_begun = connection.events() > 0;
  switch (connection.on_ready(event, now_ns())) {
    case Connection::Progress::pending:
      if (!had_begun && connection.events() > 0) { ++result_.begun; }
      return;
    case Connection::Progress::answered: on_failed("a stream ended"); return;
    case Connection::Progress::failed: on_failed(connection.failure()); return;
  }
}

void Hold::on_failed(const char* why) {
  if (result_.errors++ == 0) { result_.first_error = why; }
}

}  // namespace butter::bench
