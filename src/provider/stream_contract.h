#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "provider/event_facts.h"
#include "provider/operation.h"
#include "provider/usage_reader.h"

namespace butter::provider {

/// What an event of a stream means for the relay.
enum class EventKind : std::uint8_t {
  neutral,    ///< comment, ping, `created`, role chunk, empty delta: an answer has not begun
  content,    ///< the answer has begun: text, tool call, refusal, audio, reasoning, finish_reason,
              ///< usage
  usage,      ///< content, but nothing of it except what the answer cost (chat)
  error,      ///< the upstream reports an error inside a 200
  malformed,  ///< no official SDK can read it: its data is no JSON object
  end,        ///< the proven end of the answer
};

/// How an answer of one dialect begins and ends. An answer that stops otherwise is broken, and must
/// never look finished.
///
/// | dialect           | begins with                               | ends with |
/// |-------------------|-------------------------------------------|----------------------------------------------|
/// | chat, completions | a choice with a non-empty delta or text, or a finish_reason | `data:
/// [DONE]`              | | responses         | the first `*.delta` or output item        |
/// response.completed, .incomplete, .failed     | | messages          | the first
/// content_block_delta, or tool_use block start | message_stop                    | | other | the
/// first event                           | the body's end                               |
///
/// An event whose data is no JSON object is malformed: the official SDKs cannot read it. Until the
/// answer has begun a chunk is read to its end; after that, and of events with a name, only what is
/// cheap: the first and the last byte, the end and an error. Thread: worker-local.
class StreamContract {
 public:
  StreamContract() = default;
  explicit StreamContract(Operation operation) noexcept
      : operation_(operation), usage_(operation) {}

  /// \param block  one complete event, up to and with its blank line
  EventKind on_event(std::string_view block) noexcept;

  /// The end was seen.
  [[nodiscard]] bool ended() const noexcept { return ended_; }
  /// The answer was complete, though its end was not said (each choice seen had its finish_reason
  /// in chat): tolerated, counted.
  [[nodiscard]] bool complete_but_for_the_end() const noexcept {
    return choices_finished_ != 0 && (choices_seen_ & ~choices_finished_) == 0;
  }
  /// Whether a body that just stops may count as finished: dialects without an end of their own.
  [[nodiscard]] bool has_end() const noexcept {
    return operation_ != Operation::other && operation_ != Operation::embeddings &&
           operation_ != Operation::count_tokens;
  }

  /// What the events said so far that the answer cost; nullopt when they did not.
  [[nodiscard]] const std::optional<dialect::Usage>& usage() const noexcept {
    return usage_.usage();
  }

  /// The event that tells a client of this dialect that the stream failed, as its official SDK
  /// raises it: chat `data: {"error":{...}}`, responses `event: error` with an `error` in it,
  /// messages `event: error` with Anthropic's shape, where a type that Anthropic does not have
  /// becomes `api_error`.
  /// \param type  "upstream_error", "timeout_error", ...
  [[nodiscard]] std::string error_event(std::string_view message, std::string_view type,
                                        std::string_view code) const;

  /// Whether the official SDKs raise an error event of the upstream with this data. They hand a
  /// responses event of type `error` on like any other, unless it has an `error`.
  [[nodiscard]] bool sdk_raises(std::string_view data) const noexcept;

  /// The body of an answer with an error status that tells what an upstream's error event told.
  /// \param data  of that event, a JSON object
  [[nodiscard]] std::string error_body(std::string_view data) const;

 private:
  EventKind chunk(std::string_view name, std::string_view data) noexcept;
  EventKind begun_chunk(std::string_view data) noexcept;
  EventKind response_event(std::string_view name, std::string_view data) noexcept;
  EventKind message_event(std::string_view name, std::string_view data) noexcept;
  EventKind add(const ChunkFacts& facts) noexcept;

  Operation operation_ = Operation::other;
  UsageReader usage_;
  bool begun_ = false;
  bool ended_ = false;
  std::uint64_t choices_seen_ = 0;  ///< as far as they were looked at; bit 63: and all above
  std::uint64_t choices_finished_ = 0;
};

}  // namespace butter::provider
