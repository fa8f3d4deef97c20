#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "clock.h"

namespace butter::bench {

/// What the upstream is asked to answer. It travels in the request's `user` field, which is
/// OpenAI's own and a plain string, so it survives any gateway, and one upstream serves every
/// scenario. Anthropic's word for it is `user_id`, which tells that a request was translated.
struct Shape {
  std::size_t answer_bytes = 1024;  ///< size of the JSON answer; at least kLeastAnswer
  std::size_t chunks = 0;           ///< events of the stream before [DONE]; 0 = a JSON answer
  std::size_t chunk_bytes = 200;    ///< size of one event with its blank line; at least kLeastEvent
  Nanos gap = 0;                    ///< between two events of a stream
  bool translated = false;          ///< the upstream speaks Anthropic's messages; streams only

  friend bool operator==(const Shape&, const Shape&) = default;
};

inline constexpr std::size_t kLeastAnswer = 256;
inline constexpr std::size_t kLeastEvent = 192;
inline constexpr std::string_view kDone = "data: [DONE]\n\n";

/// What stands before and behind the events of a messages stream.
extern const std::string_view kMessagesStart, kMessagesEnd;

/// The body of a chat completion request for `shape`, padded to `bytes` where that is more; of a
/// translated one at most 512, so that its end is not far from its begin.
[[nodiscard]] std::string request_body(const Shape& shape, std::size_t bytes);

/// Reads what request_body() wrote; what is missing stays as in `defaults`.
[[nodiscard]] Shape shape_of(std::string_view body, const Shape& defaults);

/// The JSON answer of exactly `bytes`, the same on every call.
[[nodiscard]] std::string completion(std::size_t bytes);

/// One event of a stream, of which only the time changes. Thread: main.
class EventText {
 public:
  /// The last one of chat has the finish_reason; those of messages are all alike.
  enum class Kind : std::uint8_t { middle, last, messages };

  EventText(Kind kind, std::size_t bytes);

  /// The event with `now` in its content. Valid until the next call.
  [[nodiscard]] std::string_view stamped(Nanos now);

 private:
  std::string text_;
  std::size_t stamp_at_;
};

/// The time in an event that EventText made; -1 when there is none.
[[nodiscard]] Nanos stamp_in(std::string_view event) noexcept;

}  // namespace butter::bench
