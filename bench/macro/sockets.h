#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <sys/epoll.h>

#include "base/fd.h"
#include "clock.h"

namespace butter::bench {

/// A listening, non-blocking socket on 127.0.0.1. \param port  0 = the kernel picks one.
/// The program ends when it cannot be had.
[[nodiscard]] Fd listen_on(std::uint16_t port);

[[nodiscard]] std::uint16_t port_of(const Fd& listener);

/// The next waiting connection, non-blocking; empty when none waits.
[[nodiscard]] Fd accept_from(const Fd& listener);

/// A non-blocking connection to 127.0.0.1; empty when refused or not made within 5 s.
[[nodiscard]] Fd connect_to(std::uint16_t port);

/// Whether a socket that is watched by its edges can hold more after a read of `got` into `room`
/// bytes, when `events` announced it: a short read emptied it, but an end that has come raises no
/// further edge.
[[nodiscard]] bool may_hold_more(std::size_t got, std::size_t room, std::uint32_t events) noexcept;

/// Lets this process open as many descriptors as the system allows it.
void raise_descriptor_limit() noexcept;

/// Edge-triggered epoll: a descriptor is added once, and never changed. Thread: main.
class Poller {
 public:
  Poller();

  void add(const Fd& fd);

  /// What is ready by the time `until`, at once when it has passed. The span lives until the next
  /// call; `data.fd` names the descriptor.
  [[nodiscard]] std::span<const epoll_event> wait(Nanos until);

 private:
  Fd epoll_;
  std::array<epoll_event, 512> events_{};
};

}  // namespace butter::bench
