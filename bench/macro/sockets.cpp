#include "sockets.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>

namespace butter::bench {

namespace {

[[noreturn]] void end_with(const char* what) {
  std::perror(what);
  std::exit(1);
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

sockaddr* generic(sockaddr_in& address) {
  return reinterpret_cast<sockaddr*>(&address);
}

void set_no_delay(const Fd& fd) {
  const int on = 1;
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

}  // namespace

Fd listen_on(std::uint16_t port) {
  Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address = loopback(port);
  if (::bind(fd.get(), generic(address), sizeof address) != 0) { end_with("bind"); }
  if (::listen(fd.get(), 4096) != 0) { end_with("listen"); }
  return fd;
}

std::uint16_t port_of(const Fd& listener) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (::getsockname(listener.get(), generic(address), &size) != 0) { end_with("getsockname"); }
  return ntohs(address.sin_port);
}

Fd accept_from(const Fd& listener) {
  Fd fd(::accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (fd) { set_no_delay(fd); }
  return fd;
}

Fd connect_to(std::uint16_t port) {
  Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) { return fd; }
  const timeval limit{.tv_sec = 5, .tv_usec = 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  sockaddr_in address = loopback(port);
  if (::connect(fd.get(), generic(address), sizeof address) != 0) { return Fd(); }
  set_no_delay(fd);
  ::fcntl(fd.get(), F_SETFL, O_NONBLOCK);
  return fd;
}

bool may_hold_more(std::size_t got, std::size_t room, std::uint32_t events) noexcept {
  return got == room || (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
}

void raise_descriptor_limit() noexcept {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

Poller::Poller() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (!epoll_) { end_with("epoll_create1"); }
}

void Poller::add(const Fd& fd) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.fd = fd.get();
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd.get(), &event) != 0) { end_with("epoll_ctl"); }
}

std::span<const epoll_event> Poller::wait(Nanos until) {
  const Nanos left = std::max<Nanos>(until - now_ns(), 0);
  const timespec limit{.tv_sec = left / kSecond, .tv_nsec = left % kSecond};
  const int ready = ::epoll_pwait2(epoll_.get(), events_.data(), static_cast<int>(events_.size()),
                                   &limit, nullptr);
  return {events_.data(), static_cast<std::size_t>(std::max(ready, 0))};
}

}  // namespace butter::bench
