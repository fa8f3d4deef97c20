#pragma once

#include <functional>

#include "base/fd.h"
#include "net/address.h"
#include "net/loop.h"

namespace butter::net {

/// Accepts connections on one worker's own listening socket. When descriptors run out, accepting
/// pauses for 100 ms instead of spinning. Thread: worker-local.
class Listener final : public Handler {
 public:
  using OnAccept = std::function<void(Fd, const Address& peer)>;

  Listener(Loop& loop, Fd socket, OnAccept on_accept);
  ~Listener() override;

  void on_io(Ready ready) override;
  /// Accepts who is connected already; new connections are refused from here. May be called from
  /// on_accept.
  void close();

 private:
  void accept_all();
  void release();

  Loop& loop_;
  Fd socket_;
  OnAccept on_accept_;
  Timer retry_;
};

}  // namespace butter::net
