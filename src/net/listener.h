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
  using OnPause = std::function<void(int error)>;

  /// \param on_pause  told the errno when accepting begins to fail; not again until one is accepted
  Listener(Loop& loop, Fd socket, OnAccept on_accept, OnPause on_pause = {});
  ~Listener() override;

  void on_io(Ready ready) override;
  /// Begins no further connection, but accepts those that have begun: the kernel drops the first
  /// packet of a new one, so that the client's kernel sends it again a second later, to another
  /// process that shares the port. For a moment before close(), which would reset who has begun.
  void hold_off() noexcept;
  /// Accepts who is connected already; new connections are refused from here. May be called from
  /// on_accept.
  void close();

 private:
  void accept_all();
  void release();

  Loop& loop_;
  Fd socket_;
  OnAccept on_accept_;
  OnPause on_pause_;
  bool paused_ = false;
  Timer retry_;
};

}  // namespace butter::net
