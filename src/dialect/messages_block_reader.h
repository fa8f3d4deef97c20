#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/buffer.h"
#include "dialect/answer.h"
#include "json/cursor.h"

namespace butter::dialect {

/// Reads the blocks of an answer: whole ones, and the pieces that a stream makes of them. Blocks of
/// tools that the provider runs say nothing to others and are passed over. Thread: worker-local.
class MessagesBlockReader {
 public:
  /// Tells a block of `content`.
  void whole(std::string_view block, AnswerSink& sink);

  /// Tells what a content_block_start holds; content_block_delta and _stop follow with its index.
  void start(std::string_view index, std::string_view block, AnswerSink& sink);
  void piece(std::string_view index, std::string_view delta, AnswerSink& sink);
  void stop(std::string_view index, AnswerSink& sink);

 private:
  struct Open {
    std::string index;
    unsigned tool;
    std::string input;  ///< escaped; told at the end when no piece came
  };

  unsigned begin_tool(Text id, Text name, AnswerSink& sink);
  Open* open_at(std::string_view index);

  unsigned tools_ = 0;
  std::vector<Open> open_;  ///< tool calls whose pieces come
  Buffer scratch_;
};

}  // namespace butter::dialect
