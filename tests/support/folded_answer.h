#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/answer.h"
#include "json/cursor.h"

namespace butter::test {

/// Folds what an AnswerReader tells to one final message, as text that tests compare: a stream and
/// the whole answer of the same content fold to the same. Not folded: `created`, and how the text,
/// the tool calls and the thinking of one choice alternate.
class FoldedAnswer final : public dialect::AnswerSink {
 public:
  void start(const dialect::AnswerStart& start) override {
    told_ += "start id=" + std::string(start.id.escaped) +
             " model=" + std::string(start.model.escaped) + '\n';
  }

  void delta(const dialect::Delta& delta) override {
    Choice& choice = choices_[delta.choice];
    const std::string_view text = delta.text.escaped;
    using Kind = dialect::Delta::Kind;
    switch (delta.kind) {
      case Kind::text: choice.text += text; break;
      case Kind::refusal: choice.refusal += text; break;
      case Kind::thinking: open_thinking(choice) += text; break;
      case Kind::signature:
        (open_thinking(choice) += " signature=") += text;
        choice.thinking_is_open = false;
        break;
      case Kind::redacted:
        choice.thinking.push_back("redacted=" + std::string(text));
        choice.thinking_is_open = false;
        break;
      case Kind::tool_begin:
        choice.tools[delta.tool] +=
            std::string(delta.id.escaped) + ' ' + std::string(delta.name.escaped) + ' ';
        break;
      case Kind::tool_arguments: choice.tools[delta.tool] += text; break;
      case Kind::citation: (choice.citations += delta.raw.json) += '\n'; break;
      case Kind::logprobs: fold_logprobs(choice, delta.raw.json); break;
    }
  }

  void finish(const dialect::Finish& finish) override {
    choices_[finish.choice].finish += "reason " + std::to_string(static_cast<int>(finish.reason)) +
                                      ' ' + std::string(finish.sequence.escaped) +
                                      std::string(finish.text.escaped) + '\n';
  }

  void usage(const dialect::Usage& usage) override { usage_ = usage; }
  void end() override { end_ += "end\n"; }

  void error(const dialect::AnswerError& error) override {
    end_ += "error " + std::to_string(static_cast<int>(error.kind)) + ' ' +
            std::to_string(error.status) + ' ' + error.message + ' ' + error.type + ' ' +
            error.code + '\n';
  }

  /// The final message, a line a thing; views into it are the caller's.
  [[nodiscard]] std::string text() const { return message() + usage_text() + end_; }
  /// The same without the usage.
  [[nodiscard]] std::string message() const {
    std::string out = told_;
    for (const auto& [index, choice] : choices_) {
      out += "choice " + std::to_string(index) + '\n';
      for (const std::string& block : choice.thinking) { out += "thinking: " + block + '\n'; }
      out += "text: " + choice.text + "\nrefusal: " + choice.refusal + '\n';
      for (const auto& [tool, call] : choice.tools) {
        out += "tool " + std::to_string(tool) + ": " + call + '\n';
      }
      out += "citations: " + choice.citations + "logprobs: " + choice.logprobs + choice.finish;
    }
    return out;
  }
  [[nodiscard]] const dialect::Usage& usage_told() const { return usage_; }

 private:
  struct Choice {
    std::string text, refusal, citations, logprobs, finish;
    std::vector<std::string> thinking;
    bool thinking_is_open = false;
    std::map<unsigned, std::string> tools;
  };

  static std::string& open_thinking(Choice& choice) {
    if (!choice.thinking_is_open) { choice.thinking.emplace_back(); }
    choice.thinking_is_open = true;
    return choice.thinking.back();
  }

  static void fold_logprobs(Choice& choice, std::string_view raw) {
    json::Cursor cursor(raw);
    cursor.object([&](std::string_view key) {
      if (cursor.peek() != '[') { return cursor.skip_value(); }
      cursor.array([&] {
        (choice.logprobs += std::string(key) + ' ') += cursor.value();
        choice.logprobs += '\n';
      });
    });
  }

  [[nodiscard]] std::string usage_text() const {
    std::string out = "usage";
    for (const std::uint64_t count :
         {usage_.input, usage_.cached, usage_.cache_write, usage_.output, usage_.reasoning,
          usage_.audio_in, usage_.audio_out}) {
      out += ' ' + std::to_string(count);
    }
    return out + '\n';
  }

  std::string told_, end_;
  std::map<unsigned, Choice> choices_;
  dialect::Usage usage_;
};

}  // namespace butter::test
