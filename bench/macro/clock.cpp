#include "clock.h"

#include <sys/prctl.h>
#include <ctime>

namespace butter::bench {

Nanos now_ns() noexcept {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * kSecond + time.tv_nsec;
}

void want_sharp_timers() noexcept {
  ::prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
}

}  // namespace butter::bench
