#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "answer_check.h"
#include "base/fd.h"
#include "message.h"
#include "sockets.h"

namespace butter::bench {

/// What every connection of a run sends, and where.
struct Job {
  std::uint16_t port;
  Shape shape;
  std::string request;  ///< head and body
};

/// The request for `shape` as bytes, its body padded to `body_bytes`.
[[nodiscard]] std::string request_for(const Shape& shape, std::size_t body_bytes);

/// A keep-alive connection with at most one request under way. Thread: main.
class Connection {
 public:
  enum class Progress : std::uint8_t { pending, answered, failed };

  Connection(const Job& job, Poller& poller, StreamTally& tally)
      : job_(job), poller_(poller), check_(job.shape, tally) {}

  /// Sends the request, over a new connection when there is none.
  /// \param intended  when it should have been sent: latencies count from there
  /// \return failed: nothing was sent, and the connection is closed
  [[nodiscard]] Progress start(Nanos intended);

  /// Takes what the socket has. After anything but pending the connection is idle.
  [[nodiscard]] Progress on_ready(const epoll_event& event, Nanos now);

  [[nodiscard]] int fd() const noexcept { return fd_.get(); }  ///< -1 while not connected
  [[nodiscard]] bool busy() const noexcept { return busy_; }
  [[nodiscard]] Nanos intended() const noexcept { return intended_; }
  [[nodiscard]] Nanos first_byte_at() const noexcept { return first_byte_at_; }  ///< of the body
  [[nodiscard]] std::size_t events() const noexcept { return check_.events(); }
  /// Why the last request failed; a literal.
  [[nodiscard]] const char* failure() const noexcept { return failure_; }

 private:
  [[nodiscard]] Progress fail(const char* why) noexcept;
  [[nodiscard]] Progress send_rest();
  [[nodiscard]] Progress read_answer(const epoll_event& event, Nanos now);
  [[nodiscard]] Progress finish();

  const Job& job_;
  Poller& poller_;
  Fd fd_;
  MessageReader reader_{MessageReader::Kind::response};
  AnswerCheck check_;
  bool busy_ = false;
  std::size_t sent_ = 0;
  Nanos intended_ = 0;
  Nanos first_byte_at_ = 0;
  const char* failure_ = "";
};

}  // namespace butter::bench
