#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace butter::bench {

/// Reads one HTTP/1.1 message after the other from the pieces in which it arrives. Knows no more
/// than a benchmark needs: Content-Length and chunked bodies, no pipelining, no trailers.
/// \source RFC 9112. Thread: main.
class MessageReader {
 public:
  enum class Kind : std::uint8_t { request, response };
  enum class Progress : std::uint8_t { more, complete, malformed };

  explicit MessageReader(Kind kind) noexcept : kind_(kind) {}

  /// Forgets the message that was read; the next byte begins a new one.
  void reset() noexcept;

  /// \param on_body  called with each piece of the body, a std::string_view into `bytes`
  /// \return malformed also when bytes follow the message's end
  template <class OnBody>
  [[nodiscard]] Progress feed(std::string_view bytes, OnBody&& on_body);

  [[nodiscard]] bool begun() const noexcept { return state_ != State::head || !head_.empty(); }
  [[nodiscard]] int status() const noexcept { return status_; }  ///< 0 for a request
  /// The sender closes after this message.
  [[nodiscard]] bool closes() const noexcept { return closes_; }

 private:
  enum class State : std::uint8_t { head, sized, chunk_size, chunk, chunk_end, trailer, done, bad };

  /// Takes the head out of `bytes`, once it is whole. The state tells what comes next.
  void read_head(std::string_view& bytes);
  void parse_head();
  void parse_field(std::string_view line);
  void read_chunk_size(std::string_view& bytes);
  void read_line_end(std::string_view& bytes, State next);

  Kind kind_;
  State state_ = State::head;
  bool closes_ = false;
  bool chunked_ = false;
  bool has_length_ = false;
  int status_ = 0;
  std::size_t left_ = 0;  // of the body, or of the chunk
  std::string head_;
};

template <class OnBody>
MessageReader::Progress MessageReader::feed(std::string_view bytes, OnBody&& on_body) {
  while (!bytes.empty() && state_ != State::done && state_ != State::bad) {
    switch (state_) {
      case State::head: read_head(bytes); break;
      case State::sized:
      case State::chunk: {
        const std::string_view piece = bytes.substr(0, left_);
        bytes.remove_prefix(piece.size());
        left_ -= piece.size();
        on_body(piece);
        if (left_ == 0) { state_ = state_ == State::sized ? State::done : State::chunk_end; }
        break;
      }
      case State::chunk_size: read_chunk_size(bytes); break;
      case State::chunk_end: read_line_end(bytes, State::chunk_size); break;
      case State::trailer: read_line_end(bytes, State::done); break;
      case State::done:
      case State::bad: break;
    }
  }
  if (state_ == State::bad || (state_ == State::done && !bytes.empty())) {
    return Progress::malformed;
  }
  return state_ == State::done ? Progress::complete : Progress::more;
}

}  // namespace butter::bench
