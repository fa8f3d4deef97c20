#pragma once

#include <string>
#include <string_view>

#include "dialect/answer.h"
#include "json/cursor.h"

namespace butter::dialect::gemini {

/// Tells the parts of an answer. Keeps its scratch memory from part to part.
/// Thread: worker-local.
class PartTeller {
 public:
  /// Reads one member of `parts` and tells it.
  ///
  /// Signatures: that of a call goes with the call, that of a thought ends it, and that of a text
  /// comes as a thinking block without text. Images and code that the provider ran become Markdown
  /// text, which every caller can show.
  /// \param tools  the calls of this choice so far; counts on
  void tell(json::Cursor& at, unsigned choice, unsigned& tools, AnswerSink& sink);

 private:
  struct Part;
  static Part read(json::Cursor& at);
  void tell_call(const Part& part, unsigned choice, unsigned tool, AnswerSink& sink);
  void tell_text(const Part& part, unsigned choice, AnswerSink& sink);
  void tell_markdown(const Part& part, unsigned choice, AnswerSink& sink);

  std::string arguments_;
  std::string id_;
  std::string text_;
};

}  // namespace butter::dialect::gemini
