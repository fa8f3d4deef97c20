#pragma once

#include <string_view>

#include "base/buffer.h"
#include "dialect/codec.h"
#include "http/sse.h"

namespace butter::dialect {

/// Cuts a stream of server-sent events into events, each read where it lies when it came in one
/// piece. Thread: worker-local.
class SseReader : public AnswerReader {
 public:
  Result<void> feed(std::string_view bytes, AnswerSink& sink) final;

 protected:
  /// \param name  of `event:`, "" when absent
  /// \param data  as json::Cursor reads it, several lines of it with their `data:` in between;
  /// never
  ///              empty
  virtual Result<void> on_event(std::string_view name, std::string_view data, AnswerSink& sink) = 0;

  /// Reads what an upstream left without its last blank line. For close().
  Result<void> feed_rest(AnswerSink& sink);

 private:
  Result<void> read(std::string_view block, AnswerSink& sink);

  http::SseScanner scanner_;
  Buffer unfinished_;
};

}  // namespace butter::dialect
