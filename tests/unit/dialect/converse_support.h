#pragma once

#include <string>
#include <vector>

#include "dialect/answer.h"
#include "dialect/codec.h"

namespace butter::dialect::test {

/// Hears an answer and folds it into one text, the same for a stream and for a whole answer.
class Folded final : public AnswerSink {
 public:
  void start(const AnswerStart&) override { add("start"); }
  void delta(const Delta& delta) override {
    using Kind = Delta::Kind;
    switch (delta.kind) {
      case Kind::text: return more("text ", delta.text);
      case Kind::refusal: return more("refusal ", delta.text);
      case Kind::thinking: return more("thinking ", delta.text);
      case Kind::signature: return add("signature ", delta.text.escaped);
      case Kind::redacted: return add("redacted ", delta.text.escaped);
      case Kind::tool_begin:
        return add("tool " + std::to_string(delta.tool) + " " + std::string(delta.id.escaped) + " ",
                   delta.name.escaped);
      case Kind::tool_arguments:
        return more("arguments " + std::to_string(delta.tool) + " ", delta.text);
      case Kind::citation: return add("citation ", delta.raw.json);
      case Kind::logprobs: return add("logprobs ", delta.raw.json);
    }
  }
  void finish(const Finish& finish) override {
    add("finish " + std::to_string(static_cast<int>(finish.reason)) + " ", finish.text.escaped);
  }
  void usage(const Usage& usage) override {
    add("usage " + std::to_string(usage.input) + " cached " + std::to_string(usage.cached) +
        " written " + std::to_string(usage.cache_write) + " output " +
        std::to_string(usage.output));
  }
  void end() override { add("end"); }
  void error(const AnswerError& error) override {
    add("error " + std::to_string(error.status) + " " + error.type + ": ", error.message);
  }

  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  void add(std::string_view what, std::string_view text = {}) {
    if (!text_.empty()) { text_ += '\n'; }
    text_.append(what).append(text);
    last_.clear();
  }
  void more(std::string_view what, Text text) {
    if (last_ != what) { add(what); }
    last_ = what;
    text_ += text.escaped;
  }

  std::string text_;
  std::string last_;  ///< the kind of the line that may go on
};

}  // namespace butter::dialect::test
