#include "net/address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace butter::net {

Address::Address(const sockaddr* address, socklen_t size) noexcept : size_(size) {
  std::memcpy(&storage_, address, size);
}

std::optional<Address> Address::literal(const std::string& host, std::uint16_t port) {
  sockaddr_in v4{};
  if (::inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    return Address(reinterpret_cast<const sockaddr*>(&v4), sizeof v4);
  }
  sockaddr_in6 v6{};
  if (::inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    return Address(reinterpret_cast<const sockaddr*>(&v6), sizeof v6);
  }
  return std::nullopt;
}

std::uint16_t Address::port() const noexcept {
  return ntohs(family() == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(storage_).sin6_port
                                    : reinterpret_cast<const sockaddr_in&>(storage_).sin_port);
}

void Address::set_port(std::uint16_t port) noexcept {
  if (family() == AF_INET6) {
    reinterpret_cast<sockaddr_in6&>(storage_).sin6_port = htons(port);
  } else {
    reinterpret_cast<sockaddr_in&>(storage_).sin_port = htons(port);
  }
}

std::array<std::uint8_t, 16> Address::mapped_ip() const noexcept {
  std::array<std::uint8_t, 16> bytes{};
  if (family() == AF_INET6) {
    std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in6*>(get())->sin6_addr, 16);
  } else if (family() == AF_INET) {
    bytes[10] = bytes[11] = 0xff;
    std::memcpy(bytes.data() + 12, &reinterpret_cast<const sockaddr_in*>(get())->sin_addr, 4);
  }
  return bytes;
}

std::string Address::text() const {
  char host[INET6_ADDRSTRLEN] = {};
  if (family() == AF_INET6) {
    ::inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6&>(storage_).sin6_addr, host,
                sizeof host);
    return "[" + std::string(host) + "]:" + std::to_string(port());
  }
  ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(storage_).sin_addr, host, sizeof host);
  return std::string(host) + ":" + std::to_string(port());
}

namespace {

void set_option(int fd, int level, int name, int value) noexcept {
  ::setsockopt(fd, level, name, &value, sizeof value);
}

std::unexpected<Error> listen_failure(std::string_view address, const char* step, const char* why) {
  return fail(Errc::bad_config,
              "listen tcp " + std::string(address) + ": " + step + ": " + std::string(why));
}

}  // namespace

Result<Fd> listen_on(std::string_view address) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos) { return listen_failure(address, "parse", "missing port"); }
  std::string host(address.substr(0, colon));
  const std::string port(address.substr(colon + 1));
  if (host.size() >= 2 && host.front() == '[') { host = host.substr(1, host.size() - 2); }

  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  // No host: one IPv6 socket that takes IPv4 too, where the kernel has IPv6.
  const char* const node = host.empty() ? "::" : host.c_str();
  addrinfo* found = nullptr;
  if (const int code = ::getaddrinfo(node, port.c_str(), &hints, &found); code != 0) {
    return listen_failure(address, "lookup", ::gai_strerror(code));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);

  Fd fd(::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd && host.empty() && errno == EAFNOSUPPORT) { return listen_on("0.0.0.0:" + port); }
  if (!fd) { return listen_failure(address, "socket", std::strerror(errno)); }
  set_option(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  set_option(fd.get(), SOL_SOCKET, SO_REUSEPORT, 1);
  if (found->ai_family == AF_INET6) {
    set_option(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, host.empty() ? 0 : 1);
  }
  if (::bind(fd.get(), found->ai_addr, found->ai_addrlen) != 0) {
    if (host.empty() && errno == EADDRNOTAVAIL) { return listen_on("0.0.0.0:" + port); }
    return listen_failure(address, "bind", std::strerror(errno));
  }
  constexpr int kBacklog = 4096;
  if (::listen(fd.get(), kBacklog) != 0) {
    return listen_failure(address, "listen", std::strerror(errno));
  }
  return fd;
}

Address local_address(int fd) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &size);
  return Address(reinterpret_cast<const sockaddr*>(&storage), size);
}

Fd connect_to(const Address& address) {
  Fd fd(::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) { return fd; }
  set_no_delay(fd.get());
  if (::connect(fd.get(), address.get(), address.size()) != 0 && errno != EINPROGRESS) {
    const int why = errno;
    fd.reset();
    errno = why;
  }
  return fd;
}

void set_no_delay(int fd) noexcept {
  set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
}

}  // namespace butter::net
