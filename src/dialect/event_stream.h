#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/buffer.h"
#include "base/result.h"

namespace butter::dialect {

/// One message of an `application/vnd.amazon.eventstream`; views into its bytes.
struct EventStreamMessage {
  std::string_view message_type;  ///< of `:message-type`: "event", "exception" or "error"
  std::string_view type;   ///< of `:event-type`, `:exception-type` or `:error-code`: "messageStop"
  std::string_view error;  ///< of `:error-message`; "" when absent
  std::string_view payload;  ///< for Bedrock a JSON object
};

/// Cuts a stream of bytes into messages, wherever the network cut it, and checks both checksums of
/// each. Thread: worker-local.
/// \source https://docs.aws.amazon.com/lexv2/latest/dg/event-stream-encoding.html
class EventStreamDecoder {
 public:
  static constexpr std::size_t kMostBytes = 24 * 1024 * 1024;  ///< of one message

  /// Takes bytes from the front of `bytes`, up to the end of the first message that ends in them.
  /// \return that message, whose views last until the next call and no longer than `bytes`; nullopt
  ///         when the bytes are used up
  /// \errors upstream_protocol: a checksum, a length or a header that is wrong. Nothing can be read
  ///         after it.
  [[nodiscard]] Result<std::optional<EventStreamMessage>> next(std::string_view& bytes);

  /// Bytes of an unfinished message have been taken.
  [[nodiscard]] bool inside_message() const noexcept { return !unfinished_.empty() && !used_; }

 private:
  Buffer unfinished_;
  bool used_ = false;  ///< what is in unfinished_ was given out
};

}  // namespace butter::dialect
