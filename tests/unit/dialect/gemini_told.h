#pragma once

#include <string>

#include "dialect/answer.h"

namespace butter::dialect::test {

/// Writes down what it is told, one line an event. Pieces of one block are one line, so that a
/// stream and a whole answer read alike.
class Told final : public AnswerSink {
 public:
  void start(const AnswerStart& start) override {
    line("start " + str(start.id) + " " + str(start.model));
  }
  void delta(const Delta& delta) override {
    using Kind = Delta::Kind;
    const std::string where = std::to_string(delta.choice);
    switch (delta.kind) {
      case Kind::text: return piece("text " + where + " ", delta.text);
      case Kind::refusal: return piece("refusal " + where + " ", delta.text);
      case Kind::thinking: return piece("thinking " + where + " ", delta.text);
      case Kind::signature: return line("signature " + where + " " + str(delta.text));
      case Kind::redacted: return line("redacted " + where + " " + str(delta.text));
      case Kind::tool_begin:
        return line("call " + where + "." + std::to_string(delta.tool) + " " + str(delta.id) + " " +
                    str(delta.name) + (delta.signature.empty() ? "" : " signed ") +
                    str(delta.signature));
      case Kind::tool_arguments:
        return piece("arguments " + where + "." + std::to_string(delta.tool) + " ", delta.text);
      case Kind::citation: return line("citation " + where + " " + std::string(delta.raw.json));
      case Kind::logprobs: return line("logprobs " + where + " " + std::string(delta.raw.json));
    }
  }
  void finish(const Finish& finish) override {
    line("finish " + std::to_string(finish.choice) + " " +
         std::to_string(static_cast<int>(finish.reason)) + " " + str(finish.text));
  }
  void usage(const Usage& told) override { usage_ = told; }
  void end() override {
    line("usage " + std::to_string(usage_.input) + "+" + std::to_string(usage_.output) +
         " cached " + std::to_string(usage_.cached) + " reasoning " +
         std::to_string(usage_.reasoning));
    line("end");
  }
  void error(const AnswerError& error) override {
    line("error " + std::to_string(error.status) + " " + error.message);
  }

  [[nodiscard]] const std::string& lines() const { return lines_; }
  [[nodiscard]] const Usage& usage() const { return usage_; }

 private:
  static std::string str(Text text) { return std::string(text.escaped); }

  void line(const std::string& text) {
    if (!lines_.empty()) { lines_ += '\n'; }
    lines_ += text;
    open_.clear();
  }
  void piece(const std::string& block, Text text) {
    if (open_ == block) {
      lines_ += text.escaped;
      return;
    }
    line(block + str(text));
    open_ = block;
  }

  std::string lines_;
  std::string open_;  ///< the block that the last line belongs to
  Usage usage_;
};

}  // namespace butter::dialect::test
