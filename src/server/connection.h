#pragma once

#include <sys/uio.h>

#include <array>
#include <cstdint>
#include <string_view>

#include "base/buffer.h"
#include "http/body.h"
#include "http/head.h"
#include "net/address.h"
#include "net/loop.h"
#include "net/stream.h"
#include "server/exchange.h"

namespace butter::server {

/// Bounds on what a client may do. Thread: any (immutable).
struct Limits {
  std::uint64_t max_head_bytes = 64 * 1024;
  Duration read_timeout{0};   ///< a whole head; each wait for more of a body; an idle connection
  Duration write_timeout{0};  ///< without a byte taken by a client that has bytes waiting
};

/// One client connection: reads requests one after another, hands each to the Service, and writes
/// what the exchange queues. Pipelined requests wait their turn unread.
///
/// Writing: queue() takes references, which stay valid until flush(); flush() makes one system call
/// and copies only what the socket does not take. Thread: worker-local.
class Connection final : public net::Handler {
 public:
  /// Told when a connection is over, to destroy it. Thread: worker-local.
  class Owner {
   public:
    virtual void closed(Connection& connection) = 0;

   protected:
    ~Owner() = default;
  };

  Connection(net::Loop& loop, net::Stream stream, const net::Address& peer, Service& service,
             Owner& owner, const Limits& limits);
  ~Connection() override;

  void on_io(net::Ready ready) override;

  // For the exchange.
  void queue(std::string_view bytes);
  void flush();
  /// The answer is complete: flushes, and goes on to the next request. The exchange is forgotten.
  void finish();
  /// The answer cannot be completed: what was queued goes out, then the connection is closed, so
  /// that the client sees that the end is missing. The exchange is forgotten.
  void abort();
  /// After this answer the connection is closed (say so in its head).
  void close_after() noexcept { keep_alive_ = false; }

  void pause_input() noexcept { input_paused_ = true; }
  void resume_input();

  /// The body is wanted: answers `Expect: 100-continue`.
  void send_continue();

  /// Whether the connection will serve another request after this answer, as its head must say. A
  /// promise: a drain that begins later waits for that request.
  [[nodiscard]] bool keep_alive() noexcept;
  [[nodiscard]] bool http_1_0() const noexcept { return http_1_0_; }
  [[nodiscard]] std::size_t waiting() const noexcept {
    return output_.size();
  }  ///< bytes the socket did not take
  [[nodiscard]] std::uint64_t bytes_out() const noexcept {
    return bytes_out_;
  }  ///< queued since the request began
  [[nodiscard]] TimePoint began_at() const noexcept {
    return began_at_;
  }  ///< when the request's head was read
  [[nodiscard]] const net::Address& peer() const noexcept { return peer_; }
  [[nodiscard]] net::Loop& loop() noexcept { return loop_; }

  /// The server stops: the next answer says that the connection closes, and it does. So does half a
  /// second without a request: one that is on its way is still answered.
  void drain();
  /// The server waits no longer: an exchange under way tells its client, a request that is half
  /// read is refused, an idle connection is closed. What waits to be written still goes out.
  void cut_off();
  /// Ends it at once.
  void terminate();

  static constexpr std::size_t kHighMark = 256 * 1024;  ///< pause the upstream above this
  static constexpr std::size_t kLowMark = 64 * 1024;    ///< on_drained comes below this
  /// Bytes a second: a body that comes more slowly is refused with 408, read_timeout after it
  /// began.
  static constexpr std::int64_t kSlowestBody = 1024;

  std::size_t place = 0;  ///< in the owner's list

 private:
  enum class State : std::uint8_t {
    head,       ///< waiting for a request, or for the rest of its head
    body,       ///< reading its body; without an exchange: dropping it
    answering,  ///< the body is read; the answer is on its way, or its last bytes are
    lingering,  ///< the answer is out, the client still sends: read and drop, so that it is not
                ///< reset
    closed,
  };
  /// What follows when all output has been written.
  enum class Then : std::uint8_t { go_on, next_request, linger, close };

  // input.cpp
  void read_input(bool hangup);
  [[nodiscard]] bool read_in_place();
  void await_request();
  void process(std::string_view bytes);
  void process_all(std::string_view bytes);
  [[nodiscard]] bool take_head(std::string_view& bytes);
  void take_body(std::string_view& bytes);
  void grant_time_for(std::size_t body_bytes);
  void end_body();
  void refuse(int status, std::string_view why);
  void client_left();
  void next_request();
  void read_on();

  // connection.cpp
  [[nodiscard]] bool stays() const noexcept;
  void write_output();
  void output_written();
  void end_answer(Then then);
  void linger();
  void close();
  void arm(Duration limit);
  void on_deadline();

  net::Loop& loop_;
  net::Stream stream_;
  const net::Address peer_;
  Service& service_;
  Owner& owner_;
  const Limits& limits_;

  State state_ = State::head;
  Then then_ = Then::go_on;
  bool keep_alive_ = true;
  bool http_1_0_ = false;
  bool input_paused_ = false;
  bool expect_continue_ = false;  ///< the client waits for a 100 that was not sent
  bool unread_ = false;      ///< the socket may hold bytes: the edge came while we did not read
  bool processing_ = false;  ///< process() is on the stack
  bool draining_ = false;
  bool drained_due_ = false;  ///< the exchange waits for on_drained
  bool broken_ = false;       ///< a write failed
  Exchange* exchange_ = nullptr;
  http::BodyReader body_;
  Buffer input_;  ///< an incomplete head, or what came before its turn
  std::size_t head_seen_ = 0;
  Buffer output_;  ///< what the socket did not take
  std::array<iovec, 48> queued_;
  std::size_t queued_count_ = 0;
  std::uint64_t bytes_out_ = 0;
  std::uint64_t written_ = 0;       ///< by write_output
  std::uint64_t written_mark_ = 0;  ///< written_ when the write deadline was set
  TimePoint began_at_;
  TimePoint deadline_;  ///< the timer may fire earlier, never later
  TimePoint timer_due_;
  net::Timer timer_;
};

}  // namespace butter::server
