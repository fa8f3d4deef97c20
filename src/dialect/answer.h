#pragma once

#include <cstdint>
#include <string>

#include "dialect/conversation.h"

namespace butter::dialect {

/// Tokens of one answer; 0 where the provider says nothing.
struct Usage {
  std::uint64_t input = 0;        ///< all of the prompt, cached parts included
  std::uint64_t cached = 0;       ///< of `input`: read from the provider's prompt cache
  std::uint64_t cache_write = 0;  ///< of `input`: written to it
  std::uint64_t output = 0;       ///< all of the answer, reasoning included
  std::uint64_t reasoning = 0;    ///< of `output`
  std::uint64_t audio_in = 0;     ///< of `input`
  std::uint64_t audio_out = 0;    ///< of `output`
};

struct AnswerStart {
  Text id;                   ///< the provider's; "" when it gives none
  Text model;                ///< as the provider names it; "" when it does not say
  std::int64_t created = 0;  ///< Unix seconds; 0 when the provider does not say
};

/// A piece of an answer. Pieces of one block come one after the other; a whole answer comes as few
/// pieces, a stream as many.
struct Delta {
  enum class Kind : std::uint8_t {
    text,            ///< text
    refusal,         ///< text
    thinking,        ///< text
    signature,       ///< text: ends the thinking block before it
    redacted,        ///< text: opaque data of a thinking block that is not shown
    tool_begin,      ///< id, name, signature: the tool call `tool` begins
    tool_arguments,  ///< text: an escaped fragment of its arguments
    citation,        ///< raw
    logprobs,        ///< raw: as chat writes it
  };
  Kind kind = Kind::text;
  unsigned choice = 0;
  unsigned tool = 0;  ///< counts the tool calls of the choice from 0
  Text text{};
  Text id{};
  Text name{};
  Raw raw{};
  Text signature{};  ///< of a tool call: comes back in Part::signature, "" where there is none
};

struct Finish {
  enum class Reason : std::uint8_t {
    stop,           ///< the model was done
    stop_sequence,  ///< `sequence` says which, where known
    length,         ///< max_tokens, or the context window
    tool_calls,
    content_filter,  ///< the provider's safety took the answer away
    refusal,         ///< the model declined
    pause,           ///< Anthropic's pause_turn: a long turn that can be continued
    other,           ///< `text` as the provider wrote it
  };
  unsigned choice = 0;
  Reason reason = Reason::stop;
  Text sequence{};
  Text text{};
};

/// An error of a provider, on its own (with an HTTP status) or in a stream.
struct AnswerError {
  enum class Kind : std::uint8_t {
    bad_request,
    context_length,
    content_filter,
    authentication,
    permission,
    not_found,
    too_large,
    rate_limit,
    quota,
    overloaded,
    timeout,
    server,
  };
  Kind kind = Kind::server;
  int status = 0;       ///< HTTP status for the caller; in a stream, what it would have been
  std::string message;  ///< plain text
  std::string type;     ///< the provider's own word, "" when it has none
  std::string code;     ///< likewise
  std::uint64_t retry_after = 0;  ///< seconds, as its body says; 0 when it does not
};

/// Who hears an answer, stream or whole: start, deltas, finishes, usage (possibly several times,
/// each replacing what came before), end. After error or end nothing comes. Views are valid during
/// the call. Thread: worker-local.
class AnswerSink {
 public:
  virtual void start(const AnswerStart& start) = 0;
  virtual void delta(const Delta& delta) = 0;
  virtual void finish(const Finish& finish) = 0;
  virtual void usage(const Usage& usage) = 0;
  virtual void end() = 0;
  virtual void error(const AnswerError& error) = 0;

 protected:
  ~AnswerSink() = default;
};

}  // namespace butter::dialect
