#pragma once

#include <string>
#include <string_view>

#include "base/buffer.h"
#include "base/error.h"
#include "http/body.h"
#include "http/head.h"
#include "net/dialer.h"
#include "net/loop.h"
#include "net/stream.h"

namespace butter::upstream {

class Call;
class Pool;

/// One client connection.
///
///   proxy ⇄ dialing ──▶ ready ⇄ idle
///     └────────┴──────────┴───────┴──▶ closed (the Pool destroys it)
///
/// `proxy` only with a proxy and https: CONNECT, after which TLS through the tunnel is dialed. In
/// `ready` it serves one Call; in `idle` none. A cancelled call whose answer is nearly over is read
/// to its end without one (`drain_left_`). Thread: worker-local.
class Connection final : public net::Handler {
 public:
  explicit Connection(Pool& pool);
  ~Connection() override;

  void open(Call& call);    ///< dials; the call waits
  void serve(Call& call);   ///< from idle
  void detach(bool reuse);  ///< the call goes away before its answer is over

  void on_io(net::Ready ready) override;

  void write_request();     ///< writes what waits of the call's request
  void read_answer();       ///< reads until drained, paused or over
  void shut() { close(); }  ///< an idle connection is no longer wanted
  /// Connected: what happens from here is the request's and the answer's doing.
  [[nodiscard]] bool ready() const noexcept { return state_ == State::ready; }

  std::size_t place = 0;  ///< in Pool::connections_

 private:
  enum class State : std::uint8_t { dialing, proxy, ready, idle, closed };

  void on_dialed(Result<net::Stream> dialed);
  void write_proxy_request();
  void read_proxy_answer();

  void consume(std::string_view bytes);
  [[nodiscard]] bool take_head(std::string_view& bytes);
  void take_body(std::string_view& bytes);
  void end_answer(std::string_view rest);
  void stream_ended(net::IoStatus status);
  void fail_call(Errc code, std::string detail);
  void close();
  void on_idle_timeout();

  Pool& pool_;
  net::Dialer dialer_;
  net::Stream stream_;
  State state_ = State::dialing;
  Call* call_ = nullptr;
  bool reused_ = false;     ///< has served a call before this one
  bool keep_alive_ = true;  ///< the answer said so
  bool in_body_ = false;
  bool hangup_ = false;     ///< the peer has closed its side: read until the end
  std::size_t piece_ = 0;   ///< of the request: next to write
  std::size_t offset_ = 0;  ///< in that piece
  std::size_t head_seen_ = 0;
  std::size_t drain_left_ = 0;
  Buffer partial_;  ///< an incomplete head
  http::BodyReader body_;
  net::Timer idle_timer_;
};

}  // namespace butter::upstream
