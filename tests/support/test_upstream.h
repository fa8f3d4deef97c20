#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "net/listener.h"
#include "support/peer.h"

namespace butter::support {

/// A server on 127.0.0.1 and a port of the kernel's choice, on the loop of the code under test. It
/// says only what the test makes its peers say. Thread: worker-local.
class TestUpstream {
 public:
  explicit TestUpstream(net::Loop& loop, SSL_CTX* tls = nullptr);

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] std::size_t accepted() const noexcept { return peers_.size(); }
  /// \param index  in the order of acceptance
  [[nodiscard]] Peer& peer(std::size_t index) { return *peers_.at(index); }
  [[nodiscard]] Peer& last() { return *peers_.back(); }

  /// Receive buffers of the connections to come, in bytes.
  void shrink_buffers(int bytes);
  /// Connections are refused from here.
  void stop() { listener_.close(); }
  /// Runs the loop until the connection `index` has received `what`.
  [[nodiscard]] bool hears(std::size_t index, std::string_view what);

 private:
  net::Loop& loop_;
  Fd socket_;
  int listening_;  ///< the listener's descriptor, borrowed
  std::uint16_t port_;
  std::vector<std::unique_ptr<Peer>> peers_;
  net::Listener listener_;
};

}  // namespace butter::support
