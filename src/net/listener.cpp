#include "net/listener.h"

#include <linux/filter.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace butter::net {

Listener::Listener(Loop& loop, Fd socket, OnAccept on_accept, OnPause on_pause)
    : loop_(loop),
      socket_(std::move(socket)),
      on_accept_(std::move(on_accept)),
      on_pause_(std::move(on_pause)),
      retry_(Timer::calling<&Listener::accept_all>(this)) {
  if (!loop_.watch(socket_.get(), *this)) {
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
}

Listener::~Listener() {
  release();
}

void Listener::hold_off() noexcept {
  constexpr std::uint32_t kFlagsAt = 13;  // in the TCP header, which the filter sees first
  constexpr std::uint32_t kSyn = 0x02;
  constexpr std::uint32_t kAll = 0xffffffff;
  std::array<sock_filter, 4> program{{
      {BPF_LD | BPF_B | BPF_ABS, 0, 0, kFlagsAt},
      {BPF_JMP | BPF_JSET | BPF_K, 0, 1, kSyn},
      {BPF_RET | BPF_K, 0, 0, 0},
      {BPF_RET | BPF_K, 0, 0, kAll},
  }};
  const sock_fprog filter{.len = program.size(), .filter = program.data()};
  // Where a sandbox forbids filters the listener goes on as before.
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter);
}

void Listener::close() {
  // Who is connected already, but not accepted yet, would be reset.
  accept_all();
  release();
}

void Listener::release() {
  retry_.cancel();
  if (!socket_) { return; }
  loop_.unwatch(socket_.get(), *this);
  socket_.reset();
}

void Listener::on_io(Ready ready) {
  if (ready.readable) { accept_all(); }
}

void Listener::accept_all() {
  constexpr Duration kPause = 100ms;
  while (socket_) {
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    Fd fd(::accept4(socket_.get(), reinterpret_cast<sockaddr*>(&peer), &size,
                    SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (fd) {
      paused_ = false;
      on_accept_(std::move(fd), Address(reinterpret_cast<const sockaddr*>(&peer), size));
      continue;
    }
    switch (errno) {
      case EINTR:
      case ECONNABORTED: continue;
      case EAGAIN: return;
      default:
        // EMFILE, ENFILE, ENOBUFS, ENOMEM: the edge is spent, so ask again later.
        if (!std::exchange(paused_, true) && on_pause_) { on_pause_(errno); }
        loop_.arm(retry_, kPause);
        return;
    }
  }
}

}  // namespace butter::net
