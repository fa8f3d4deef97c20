#include "gateway/phases.h"

#include <algorithm>

namespace butter::gateway {

Phases phases_of(const Timeline& timeline, TimePoint over) noexcept {
  const TimePoint later[] = {timeline.received, timeline.first_attempt, timeline.attempt,
                             timeline.turn,     timeline.connected,     timeline.sent,
                             timeline.answered, timeline.content};
  Phases phases{};
  std::size_t phase = 0;
  TimePoint since = timeline.began;
  for (std::size_t i = 0; i < std::size(later); ++i) {
    if (later[i] == TimePoint{}) { continue; }
    const TimePoint reached = std::clamp(later[i], since, std::max(since, over));
    phases[phase] = reached - since;
    since = reached;
    phase = i + 1;
  }
  phases[phase] = std::max(over, since) - since;
  return phases;
}

}  // namespace butter::gateway
