#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/fd.h"
#include "base/result.h"

namespace butter::net {

/// An IPv4 or IPv6 socket address. A value. Thread: any one at a time.
class Address {
 public:
  Address() = default;
  Address(const sockaddr* address, socklen_t size) noexcept;

  /// An address literal ("127.0.0.1", "::1"); nullopt for a name.
  [[nodiscard]] static std::optional<Address> literal(const std::string& host, std::uint16_t port);

  [[nodiscard]] const sockaddr* get() const noexcept {
    return reinterpret_cast<const sockaddr*>(&storage_);
  }
  [[nodiscard]] socklen_t size() const noexcept { return size_; }
  [[nodiscard]] int family() const noexcept { return storage_.ss_family; }
  [[nodiscard]] std::uint16_t port() const noexcept;
  void set_port(std::uint16_t port) noexcept;
  /// The IPv6 address, or the IPv4 one in its mapped form (RFC 4291 2.5.5.2).
  [[nodiscard]] std::array<std::uint8_t, 16> mapped_ip() const noexcept;
  /// "127.0.0.1:8080" or "[::1]:8080".
  [[nodiscard]] std::string text() const;

 private:
  sockaddr_storage storage_{};
  socklen_t size_ = 0;
};

/// A listening TCP socket, non-blocking, shared by the workers' own sockets (SO_REUSEPORT).
/// \param address  "host:port" or ":port" (all addresses, both families)
/// \errors bad_config with the kernel's words: "listen tcp :8080: bind: address already in use".
[[nodiscard]] Result<Fd> listen_on(std::string_view address);

/// The address a socket is bound to.
[[nodiscard]] Address local_address(int fd);

/// A TCP socket that is being connected, non-blocking, without Nagle's delay; empty when it failed
/// at once (errno tells).
[[nodiscard]] Fd connect_to(const Address& address);

/// Turns off Nagle's delay: every write of ours is a whole piece of an answer.
void set_no_delay(int fd) noexcept;

}  // namespace butter::net
