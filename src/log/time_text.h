#pragma once

#include <array>
#include <cstdint>

#include "base/buffer.h"
#include "base/clock.h"

namespace butter::log {

/// Writes wall times as RFC 3339 in UTC with nine digits: "2026-11-23T16:48:07.512000000Z". Keeps
/// the text of the last second, since the calendar costs more than all the rest. Thread: any one at
/// a time.
class TimeText {
 public:
  /// \param time  of the years 1970 to 9999
  void append(Buffer& out, WallTime time);

 private:
  static constexpr std::size_t kDateAndTime = 19;  ///< "2026-11-23T16:48:07"

  std::int64_t second_ = -1;  ///< since 1970; text_ belongs to it
  std::array<char, kDateAndTime + 1> text_{};
};

}  // namespace butter::log
