#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "dialect/answer.h"
#include "json/cursor.h"

namespace butter::dialect {

/// Tells the content blocks of an answer: whole ones, and the pieces that a stream makes of them.
/// Each reads the object at the cursor. Thread: worker-local.
class ConverseBlockReader {
 public:
  /// A member of `content`.
  void whole(json::Cursor& cursor, AnswerSink& sink);

  // The payloads of contentBlockStart, contentBlockDelta and contentBlockStop.
  void start(json::Cursor& cursor, AnswerSink& sink);
  void piece(json::Cursor& cursor, AnswerSink& sink);
  void stop(json::Cursor& cursor, AnswerSink& sink);

 private:
  struct Tool {
    std::uint64_t block;
    bool has_arguments;
  };

  void read_tool_use(json::Cursor& cursor, AnswerSink& sink);
  void read_citations(json::Cursor& cursor, AnswerSink& sink);
  void read_delta(json::Cursor& cursor, std::uint64_t block, AnswerSink& sink);
  void tell_arguments(std::uint64_t block, std::string_view escaped, AnswerSink& sink);

  std::vector<Tool> tools_;  ///< in the order of their blocks
};

}  // namespace butter::dialect
