#pragma once

#include <string_view>

#include "base/buffer.h"
#include "base/result.h"

namespace butter::provider {

/// Takes the framing off a streamed answer that an upstream wraps in its own: out come server-sent
/// events of the dialect. One object an answer. Thread: worker-local.
class AnswerFilter {
 public:
  virtual ~AnswerFilter() = default;

  /// The next bytes of the body, however the network cut them. Appends the events that are whole.
  /// \errors upstream_protocol: the framing is broken; nothing can be read after it
  [[nodiscard]] virtual Result<void> feed(std::string_view bytes, Buffer& out) = 0;

  /// The body is over. \errors upstream_closed: in the middle of an event
  [[nodiscard]] virtual Result<void> close() = 0;
};

}  // namespace butter::provider
