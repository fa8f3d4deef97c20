#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/buffer.h"
#include "base/result.h"
#include "dialect/answer.h"
#include "dialect/conversation.h"
#include "dialect/feature.h"

namespace butter::dialect {

/// The APIs that a conversation is held in.
enum class Dialect : std::uint8_t {
  chat,       ///< OpenAI's chat completions
  responses,  ///< OpenAI's responses; callers only
  messages,   ///< Anthropic's messages; also on Bedrock and Vertex
  gemini,     ///< Google's generateContent; providers only
  converse,   ///< Bedrock's Converse; providers only
};
[[nodiscard]] std::string_view to_string(Dialect dialect) noexcept;

/// Where a request goes, as far as its bytes depend on it.
struct Target {
  std::string_view model;  ///< the provider's name for the model, plain text
  bool stream = false;
  /// messages on Bedrock and Vertex: `anthropic_version` instead of `model`.
  std::string_view anthropic_version{};
  /// messages: `stream` stands in the body; on Bedrock only the path says it.
  bool stream_in_body = true;
  /// chat: the provider knows `max_completion_tokens` (OpenAI, Azure), not only `max_tokens`.
  bool max_completion_tokens = true;
  /// chat: the provider takes `stream_options`; without them it tells usage by itself.
  bool stream_options = true;
};

/// Reads a provider's answers. One object an answer. Thread: worker-local.
class AnswerReader {
 public:
  virtual ~AnswerReader() = default;

  /// The body of an answer that does not stream. \errors upstream_protocol: it is none.
  [[nodiscard]] virtual Result<void> whole(std::string_view body, AnswerSink& sink) = 0;

  /// The next bytes of a stream, however the network cut them.
  /// \errors upstream_protocol: bytes that are no answer. An error that the provider reports goes
  /// to the sink.
  [[nodiscard]] virtual Result<void> feed(std::string_view bytes, AnswerSink& sink) = 0;

  /// The stream's body is over. Tells the sink the end where the dialect itself has none.
  /// \errors upstream_closed: the answer is not whole.
  [[nodiscard]] virtual Result<void> close(AnswerSink& sink) = 0;

  /// The body of an error answer, whatever it holds.
  [[nodiscard]] virtual AnswerError error(int status, std::string_view body) const = 0;
};

/// What the caller's answer needs beyond what the provider says.
struct AnswerContext {
  bool stream = false;
  bool stream_usage = false;            ///< the caller asked for usage in the stream
  std::string_view id;                  ///< of the request, for dialects whose provider gives none
  std::string_view model;               ///< the model that was asked for, plain text
  std::int64_t now = 0;                 ///< Unix seconds
  const Conversation* asked = nullptr;  ///< responses repeats parts of the request
};

/// Writes a caller's answer: appends to `out` what may go to the caller as soon as it is known
/// (streams), or the whole body at end(). One object an answer. Thread: worker-local.
class AnswerWriter : public AnswerSink {
 public:
  virtual ~AnswerWriter() = default;

  /// Content was written: from here the answer cannot be taken back.
  [[nodiscard]] bool begun() const noexcept { return begun_; }
  /// end() or error() was told.
  [[nodiscard]] bool over() const noexcept { return over_; }

 protected:
  AnswerWriter(Buffer& out, const AnswerContext& context) : out_(out), context_(context) {}

  Buffer& out_;
  AnswerContext context_;
  bool begun_ = false;
  bool over_ = false;
};

/// A dialect that callers speak.
struct CallerDialect {
  Dialect dialect;
  /// \errors bad_request with the field's path and what is wrong: "messages[2].content: must be a
  /// string or a list"
  Result<void> (*read_request)(std::string_view body, Conversation& into);
  std::unique_ptr<AnswerWriter> (*make_writer)(Buffer& out, const AnswerContext& context);
  /// The body of an error answer, in the shape that the dialect's SDKs read.
  void (*write_error)(const AnswerError& error, std::string_view request_id, Buffer& out);
  std::span<const Meaning> fields;  ///< all that read_request knows
};

/// A dialect that providers speak.
struct ProviderDialect {
  Dialect dialect;
  /// \errors bad_request: something that this dialect cannot say and that must not be dropped
  Result<void> (*write_request)(const Conversation& conversation, const Target& target,
                                Buffer& out);
  std::unique_ptr<AnswerReader> (*make_reader)();
  std::span<const Support> support;  ///< all that write_request can say
  /// A stream says its end, but one that has finished may lack it.
  bool end_may_lack = false;
  /// What of this very request is left out though the table has words for it: two features that
  /// the API does not take together, a value that it does not know. nullptr: never anything.
  FeatureSet (*lost)(const Conversation& conversation) = nullptr;
};

/// \return nullptr when callers (providers) do not speak it
[[nodiscard]] const CallerDialect* caller_dialect(Dialect dialect) noexcept;
[[nodiscard]] const ProviderDialect* provider_dialect(Dialect dialect) noexcept;

}  // namespace butter::dialect
