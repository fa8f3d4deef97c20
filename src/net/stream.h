#pragma once

#include <sys/uio.h>

#include <memory>
#include <span>
#include <string_view>

#include "base/fd.h"
#include "net/tls.h"

namespace butter::net {

/// A connected byte stream, plain TCP or TLS over it, non-blocking. Owns the descriptor.
/// Thread: worker-local.
class Stream {
 public:
  Stream() = default;
  explicit Stream(Fd fd) noexcept : fd_(std::move(fd)) {}

  [[nodiscard]] int fd() const noexcept { return fd_.get(); }
  [[nodiscard]] explicit operator bool() const noexcept { return static_cast<bool>(fd_); }

  /// Puts TLS on top; follow with handshake() until it is ok.
  void start_tls(const TlsContext& context, const std::string& host, TlsTicket& ticket) {
    tls_ = std::make_unique<TlsSession>(context, fd_.get(), host, ticket);
  }
  [[nodiscard]] TlsSession* tls() const noexcept { return tls_.get(); }

  [[nodiscard]] IoResult read(std::span<char> into);
  /// Writes as much of the pieces as the socket takes, in order.
  [[nodiscard]] IoResult write(std::span<const iovec> pieces);

  /// Says that no more will be written; the peer sees the end after what was written.
  void shut_down_writing() noexcept;
  /// Closes so that the peer sees a reset instead of an end.
  void reset_on_close() noexcept;
  void close() noexcept;

 private:
  IoResult write_tls(std::span<const iovec> pieces);
  Fd fd_;
  std::unique_ptr<TlsSession> tls_;  // destroyed before the descriptor
};

[[nodiscard]] inline iovec to_iovec(std::string_view bytes) noexcept {
  return {const_cast<char*>(bytes.data()), bytes.size()};
}

}  // namespace butter::net
