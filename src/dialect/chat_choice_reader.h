#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dialect/answer.h"
#include "json/cursor.h"

namespace butter::dialect {

/// An element of `choices`, as it is written; what it does not have is empty.
struct ChatChoice {
  unsigned index = 0;
  Text finish_reason{};
  Raw logprobs{};
  std::string_view message{};  ///< or the `delta` of a stream
};
[[nodiscard]] ChatChoice read_chat_choice(json::Cursor& at);

/// Tells one choice of an answer: a `message`, or the `delta`s of a stream. What compatible vendors
/// do otherwise is understood: no index or id of a tool call, arguments as an object, content as a
/// list, `reasoning` for `reasoning_content`. Thread: worker-local.
class ChatChoiceReader {
 public:
  explicit ChatChoiceReader(unsigned choice) : choice_(choice) {}

  void tell(const ChatChoice& said, AnswerSink& sink);

  [[nodiscard]] unsigned choice() const noexcept { return choice_; }
  [[nodiscard]] bool finished() const noexcept { return finished_; }

 private:
  struct Message;

  void tell_message(const Message& message, AnswerSink& sink);
  static Message read_message(std::string_view json);
  void tell_thinking(const Message& message, AnswerSink& sink);
  void tell_blocks(json::Cursor at, AnswerSink& sink);
  void tell_parts(json::Cursor at, AnswerSink& sink);
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
