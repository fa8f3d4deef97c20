#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "base/clock.h"

namespace butter::gateway {

/// When a request reached what, in the order of the way that its last attempt took. TimePoint{} =
/// it did not. What was taken with a coarser clock may be a little early. Thread: worker-local.
struct Timeline {
  TimePoint began;          ///< the head was read
  TimePoint received;       ///< the last byte of the body that was needed to begin
  TimePoint first_attempt;  ///< the first attempt began
  TimePoint attempt;        ///< the attempt began that answered, or failed last
  TimePoint turn;           ///< it had its turn: a kept connection, or leave to open one
  TimePoint connected;      ///< its connection was ready
  TimePoint sent;           ///< the request was all in the kernel's hands
  TimePoint answered;       ///< the head of the answer was read
  TimePoint content;        ///< the first byte of the answer's body went to the client
};

/// How long a request spent in each phase. Together they are its whole duration: a phase lasts
/// until the next point that was reached, or until the request was over.
using Phases = std::array<Duration, 9>;

/// The phases' names in the request log, in the order of their time.
inline constexpr std::array<std::string_view, std::tuple_size_v<Phases>> kPhaseNames{
    "read_us",                 // the request's body
    "route_us",                // until the first attempt began
    "retry_us",                // earlier attempts, with their back-offs
    "queue_us",                // for a turn at the provider
    "connect_us",              // name, TCP, TLS
    "send_us",                 // the request
    "upstream_first_byte_us",  // until the provider answered
    "first_content_us",        // until the client had the first byte of the body
    "stream_us",               // the rest of the answer
};

[[nodiscard]] Phases phases_of(const Timeline& timeline, TimePoint over) noexcept;

}  // namespace butter::gateway
