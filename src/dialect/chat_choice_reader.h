#pragma once

#include <string>
#include <vector>

#include "dialect/answer.h"
#include "json/cursor.h"

namespace butter::dialect {

/// Reads one choice of an answer: a `message`, or the `delta`s of a stream. What compatible vendors
/// do otherwise is understood: no index or id of a tool call, arguments as an object, content as a
/// list, `reasoning` for `reasoning_content`. Thread: worker-local.
class ChatChoiceReader {
 public:
  explicit ChatChoiceReader(unsigned choice) : choice_(choice) {}

  /// Tells what an element of `choices` holds.
  void read(json::Cursor& at, AnswerSink& sink);

  [[nodiscard]] unsigned choice() const noexcept { return choice_; }
  [[nodiscard]] bool finished() const noexcept { return finished_; }

 private:
  struct Message;

  void read_message(json::Cursor& at, AnswerSink& sink);
  void tell_thinking(const Message& message, AnswerSink& sink);
  void tell_blocks(json::Cursor at, AnswerSink& sink);
  void tell_content(json::Cursor at, AnswerSink& sink);
  void tell_call(json::Cursor& at, AnswerSink& sink);
  void tell_function(json::Cursor at, unsigned tool, bool begins, Text id, Text signature,
                     AnswerSink& sink);
  void tell_arguments(json::Cursor& at, unsigned tool, AnswerSink& sink);
  void tell_finish(Text reason, AnswerSink& sink);
  void tell(Delta::Kind kind, Text text, AnswerSink& sink);
  unsigned tool_for(std::string_view index, Text id, bool named, bool& begins);

  struct Call {
    std::string index, id;
  };
  unsigned choice_;
  std::vector<Call> calls_;
  bool thinking_open_ = false;  ///< thinking was told, and no signature since
  bool finished_ = false;
};

}  // namespace butter::dialect
