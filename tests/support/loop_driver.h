#pragma once

#include <functional>
#include <memory>

#include "net/loop.h"

namespace butter::support {

/// Runs the loop until `met` holds, which is asked once a turn.
/// \return false when it does not come true within 20 s
[[nodiscard]] bool run_until(net::Loop& loop, const std::function<bool()>& met);

/// Runs the loop for some turns, so that what is on its way over this host's sockets arrives.
void settle(net::Loop& loop, int turns = 12);

/// Runs the loop for a time: only where a time limit of the code under test is the question.
void run_for(net::Loop& loop, Duration time);

/// Two ends of a stream, non-blocking.
struct Pair {
  Fd ours;
  Fd theirs;
};
/// \param send_buffer  of `ours`, in bytes; 0 = the kernel's default
[[nodiscard]] Pair make_pair(int send_buffer = 0);

}  // namespace butter::support
