#include "support/loop_driver.h"

#include <sys/socket.h>

namespace butter::support {

namespace {

/// Asks after every turn, and stops the loop when there is nothing more to wait for.
struct Question {
  net::Loop& loop;
  std::function<bool()> over;

  void ask() {
    if (over()) {
      loop.stop();
    } else {
      loop.post([this] { ask(); });
    }
  }
};

}  // namespace

bool run_until(net::Loop& loop, const std::function<bool()>& met) {
  const TimePoint give_up = std::chrono::steady_clock::now() + 20s;
  bool is_met = false;
  Question question{loop, [&] {
                      is_met = is_met || met();
                      return is_met || std::chrono::steady_clock::now() > give_up;
                    }};
  loop.post([&question] { question.ask(); });
  loop.run();
  return is_met;
}

void settle(net::Loop& loop, int turns) {
  Question question{loop, [&turns] { return turns-- <= 0; }};
  loop.post([&question] { question.ask(); });
  loop.run();
}

void run_for(net::Loop& loop, Duration time) {
  const TimePoint end = std::chrono::steady_clock::now() + time;
  Question question{loop, [end] { return std::chrono::steady_clock::now() >= end; }};
  loop.post([&question] { question.ask(); });
  loop.run();
}

Pair make_pair(int send_buffer) {
  int fds[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds) != 0) { return {}; }
  if (send_buffer > 0) {
    ::setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof send_buffer);
  }
  return {Fd(fds[0]), Fd(fds[1])};
}

}  // namespace butter::support
