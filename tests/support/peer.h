#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/fd.h"
#include "net/loop.h"

typedef struct ssl_ctx_st SSL_CTX;
typedef struct ssl_st SSL;

namespace butter::support {

/// The other end of a connection under test, on the same loop: keeps what it receives and sends
/// what it is told. With a TLS context it is the server of a TLS session. Thread: worker-local.
class Peer final : public net::Handler {
 public:
  Peer(net::Loop& loop, Fd fd, SSL_CTX* tls = nullptr);
  ~Peer() override;

  void on_io(net::Ready ready) override;

  void send(std::string_view bytes);  ///< what the socket does not take goes out later
  void hold_reading(bool hold);       ///< the socket's buffer fills up meanwhile
  void shut_down_writing();
  void close();  ///< properly, with a close_notify under TLS
  void cut();    ///< without one
  void reset();  ///< the other end sees a reset

  [[nodiscard]] const std::string& received() const noexcept { return received_; }
  [[nodiscard]] std::string take() { return std::exchange(received_, {}); }
  [[nodiscard]] bool ended() const noexcept { return ended_; }  ///< the other end closed or reset
  [[nodiscard]] bool sent_all() const noexcept { return unsent_.empty(); }
  [[nodiscard]] bool resumed() const noexcept;  ///< the TLS session was an earlier one's

 private:
  void read();
  void write();

  net::Loop& loop_;
  Fd fd_;
  SSL* tls_ = nullptr;
  std::string received_;
  std::string unsent_;
  bool held_ = false;
  bool ended_ = false;
};

}  // namespace butter::support
