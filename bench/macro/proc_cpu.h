#pragma once

#include <vector>

#include "clock.h"

namespace butter::bench {

/// CPU time that the processes have used so far, over all their threads, as the scheduler counts
/// it. What the clock tick has not booked yet (at most some ms for a running thread) is missing.
/// \source /proc/PID/task/TID/schedstat, first number; kernel: Documentation/scheduler/sched-stats.
[[nodiscard]] Nanos cpu_time_of(const std::vector<int>& pids);

}  // namespace butter::bench
