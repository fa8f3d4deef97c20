#include "net/listener.h"

#include <sys/socket.h>

#include <cerrno>
#include <system_error>

namespace butter::net {

Listener::Listener(Loop& loop, Fd socket, OnAccept on_accept)
    : loop_(loop),
      socket_(std::move(socket)),
      on_accept_(std::move(on_accept)),
      retry_(Timer::calling<&Listener::accept_all>(this)) {
  if (!loop_.watch(socket_.get(), *this)) {
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
}

Listener::~Listener() {
  release();
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
      on_accept_(std::move(fd), Address(reinterpret_cast<const sockaddr*>(&peer), size));
      continue;
    }
    switch (errno) {
      case EINTR:
      case ECONNABORTED: continue;
      case EAGAIN: return;
      default:
        // EMFILE, ENFILE, ENOBUFS, ENOMEM: the edge is spent, so ask again later.
        loop_.arm(retry_, kPause);
        return;
    }
  }
}

}  // namespace butter::net
