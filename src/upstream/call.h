#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/error.h"
#include "http/head.h"
#include "net/timer.h"
#include "upstream/gate.h"

namespace butter::upstream {

class Connection;
class Pool;

/// Time limits of one call; 0 = none. How long it may wait for its turn is the endpoint's.
struct Limits {
  Duration connect{0};  ///< from its turn on
  Duration first_byte{0};
  Duration idle{0};
  Duration total{0};
};

/// Who hears how a call goes. From inside any of these the call may be cancelled or started anew.
/// After on_end or on_failure nothing more comes. Thread: worker-local.
class CallSink {
 public:
  /// The answer's head (never a 1xx). Views are valid during this call only.
  virtual void on_head(const http::ResponseHead& head) = 0;
  /// Body bytes, framing removed. The pieces stay valid until on_flush.
  virtual void on_body(std::span<const std::string_view> pieces) = 0;
  virtual void on_end() = 0;
  /// \param error  upstream_connect, _timeout, _closed or _protocol, or overloaded; the detail
  ///               names no secret
  virtual void on_failure(Error error) = 0;
  /// One read's worth of events has been told: the time to write to the client, once.
  virtual void on_flush() = 0;
  /// Request body that waited has been written: more may come.
  virtual void on_request_drained() {}

 protected:
  ~CallSink() = default;
};

/// One HTTP request to an upstream, from its turn, when the endpoint has a cap, and the lending of
/// a connection to the answer's last byte. Destroying or cancelling it closes the connection,
/// unless the answer was over. A connection of the pool that turns out to be dead before a byte of
/// the answer came is replaced by a fresh one, unseen. Thread: worker-local.
class Call {
 public:
  static constexpr std::size_t kMostPieces = 20;

  /// What to send. The pieces stay valid until the call ends.
  struct Request {
    std::span<const std::string_view> pieces;  ///< head and body, in order
    bool is_head = false;                      ///< the answer has no body
    bool body_follows = false;                 ///< send_body() brings the rest
  };

  Call() noexcept;
  ~Call() { cancel(); }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  void start(Pool& pool, CallSink& sink, const Request& request, const Limits& limits);

  /// More of the request's body, already framed. Copied when the socket is full.
  /// \return false when more than kHighMark bytes wait: hold back until on_request_drained
  bool send_body(std::string_view bytes, bool last);

  /// The answer streams: `total` no longer bounds it (`stream_total` does; 0 = nothing).
  void set_total(Duration total) noexcept;

  void pause() noexcept;  ///< stops reading the answer
  void resume();
  void cancel() noexcept;  ///< closes the connection at once
  /// The rest of the answer is not wanted: a short one is read and dropped, so that the connection
  /// can be used again.
  void discard() noexcept;

  [[nodiscard]] bool active() const noexcept { return sink_ != nullptr; }
  /// The request's bytes are all in the kernel's hands.
  [[nodiscard]] bool sent() const noexcept { return sent_; }
  // When it got how far; TimePoint{} = it did not.
  /// It has a kept connection, or may open one.
  [[nodiscard]] TimePoint lent_at() const noexcept { return lent_at_; }
  /// Its connection takes requests.
  [[nodiscard]] TimePoint connected_at() const noexcept { return connected_at_; }
  [[nodiscard]] TimePoint sent_at() const noexcept { return sent_at_; }
  [[nodiscard]] TimePoint started_at() const noexcept { return started_at_; }
  /// A warm connection took the whole request inside start().
  [[nodiscard]] bool sent_at_once() const noexcept { return sent_at_once_; }

  static constexpr std::size_t kHighMark = 256 * 1024;

 private:
  friend class Connection;
  friend class Pool;

  [[nodiscard]] bool enter_gate();
  void take_connection();
  void leave(bool reuse) noexcept;
  void on_deadline();
  void arm_deadline();
  void fail(Error error);  ///< ends the call and tells the sink
  void fail_overloaded(std::string detail);

  // What the Connection reports.
  void lent() noexcept;  ///< it has a connection: one that is kept, or that is being opened
  void request_sent() noexcept;
  void first_bytes() noexcept { got_bytes_ = true; }
  void moved() noexcept;       ///< bytes went either way
  void start_over() noexcept;  ///< nothing of the request counts as sent

  CallSink* sink_ = nullptr;  ///< nullptr = not active
  Pool* pool_ = nullptr;
  Gate::Place place_;                 ///< at the endpoint's gate, if there is one
  Connection* connection_ = nullptr;  ///< nullptr while waiting for its turn
  Call* next_waiting_ = nullptr;      ///< in the pool's queue
  std::array<std::string_view, kMostPieces> pieces_;
  std::uint8_t piece_count_ = 0;
  bool is_head_ = false;
  bool body_open_ = false;  ///< send_body() will bring more
  bool replayable_ = true;  ///< all that was sent is in pieces_
  bool sent_ = false;
  bool sent_at_once_ = false;
  bool got_bytes_ = false;  ///< of the answer
  bool got_head_ = false;
  bool paused_ = false;
  bool drained_due_ = false;  ///< send_body() asked to hold back
  Buffer late_body_;          ///< from send_body(), not yet taken by the socket
  Limits limits_;
  TimePoint started_at_, lent_at_, connected_at_, sent_at_;
  TimePoint moved_at_;  ///< the last bytes either way; before that, when the present wait began
  net::Timer deadline_;
};

}  // namespace butter::upstream
