#pragma once

#include <cstddef>
#include <string_view>

namespace butter::http {

/// Finds where server-sent events end, wherever the network cuts them.
///
/// An event ends with a blank line; a line ends with LF, CRLF or CR (WHATWG HTML, section 9.2.6).
/// State is what the last bytes were: an event need not be held to find its end. An event that ends
/// with CR ends there at once; a LF that belongs to it but arrives later leads the next event,
/// where parse_sse_event skips it. A blank line too many is an event without data. Thread:
/// worker-local.
class SseScanner {
 public:
  /// The number of bytes of `bytes` up to and with the end of the first event that ends in it, 0
  /// when none does. Call again with the rest; bytes are given once.
  [[nodiscard]] std::size_t next_end(std::string_view bytes) noexcept;

  /// Whether bytes of an unfinished event have been seen since the last end.
  [[nodiscard]] bool inside_event() const noexcept { return inside_; }

 private:
  bool line_empty_ = true;  ///< no byte since the last line end
  bool after_cr_ = false;   ///< the last byte was CR: a LF belongs to it
  bool inside_ = false;
};

/// One event of a stream, as views into its bytes.
struct SseEvent {
  std::string_view name;  ///< of `event:`; "" when absent
  std::string_view data;  ///< of the first `data:` line, one leading blank removed
  bool has_data = false;
  bool more_data = false;  ///< there was more than one `data:` line
};

/// Reads the fields of one complete event (up to and with its blank line). A block of comments only
/// gives an event without data. A byte order mark at the front is skipped.
[[nodiscard]] SseEvent parse_sse_event(std::string_view block) noexcept;

}  // namespace butter::http
