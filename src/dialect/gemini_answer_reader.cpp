#include "dialect/gemini_answer_reader.h"

#include <string>
#include <string_view>
#include <vector>

#include "dialect/count.h"
#include "dialect/gemini_citations.h"
#include "dialect/gemini_error.h"
#include "dialect/gemini_finish.h"
#include "dialect/gemini_logprobs.h"
#include "dialect/gemini_parts.h"
#include "dialect/gemini_usage.h"
#include "dialect/sse_reader.h"
#include "json/cursor.h"

namespace butter::dialect::gemini {

namespace {

constexpr unsigned kMostCandidates = 64;

/// What a candidate says besides its parts, as written.
struct Candidate {
  unsigned index = 0;
  std::string_view content, grounding, citations, logprobs, finish;
};

Candidate read_candidate(json::Cursor& at) {
  Candidate candidate;
  at.object([&](json::Key key) {
    if (key == "content") {
      candidate.content = at.value();
    } else if (key == "index") {
      candidate.index = at.small_number();
    } else if (key == "finishReason") {
      candidate.finish = at.string();
    } else if (key == "groundingMetadata") {
      candidate.grounding = at.value();
    } else if (key == "citationMetadata") {
      candidate.citations = at.value();
    } else if (key == "logprobsResult") {
      candidate.logprobs = at.value();
    } else {
      at.skip_value();
    }
  });
  return candidate;
}

class Reader final : public SseReader {
 public:
  Result<void> whole(std::string_view body, AnswerSink& sink) override {
    if (Result<void> done = read(body, sink); !done || over_) { return done; }
    if (choices_.empty()) {
      return fail(Errc::upstream_protocol, "the provider's answer has no candidates");
    }
    finish(sink);
    return {};
  }

  Result<void> close(AnswerSink& sink) override {
    if (Result<void> done = feed_rest(sink); !done || over_) { return done; }
    for (const Choice& choice : choices_) {
      if (choice.begun && choice.reason.empty()) {
        return fail(Errc::upstream_closed, "the provider's stream ended without a finishReason");
      }
    }
    if (choices_.empty()) {
      return fail(Errc::upstream_closed, "the provider's stream ended without an answer");
    }
    finish(sink);
    return {};
  }

  [[nodiscard]] AnswerError error(int status, std::string_view body) const override {
    return read_error(status, body);
  }

 protected:
  Result<void> on_event(std::string_view, std::string_view data, AnswerSink& sink) override {
    return over_ ? Result<void>{} : read(data, sink);
  }

 private:
  struct Choice {
    bool begun = false;
    unsigned tools = 0;
    std::string reason;  ///< the last finishReason
  };

  /// One GenerateContentResponse: a whole answer, or an event of a stream.
  Result<void> read(std::string_view text, AnswerSink& sink) {
    if (!started_) { start(text, sink); }
    if (over_) { return {}; }
    if (!started_ || is_cut(text)) { return malformed(); }
    json::Cursor at(text);
    malformed_ = at.peek() != '{';
    at.object([&](json::Key key) {
      if (key == "candidates") {
        at.array([&] { candidate(at, sink); });
      } else if (key == "usageMetadata") {
        usage(at, sink);
      } else if (key == "promptFeedback") {
        feedback(at);
      } else if (key == "error") {
        fail_with(text, sink);
        at.skip_value();
      } else {
        at.skip_value();
      }
    });
    return over_ || (at.ok() && !malformed_) ? Result<void>{} : malformed();
  }

  /// Asked first: nothing is told of an event of which a part is missing.
  static bool is_cut(std::string_view text) {
    json::Cursor at(text);
    at.skip_value();
    return !at.ok();
  }

  static Result<void> malformed() {
    return fail(Errc::upstream_protocol, "the provider's answer is not valid JSON");
  }

  /// Who the answer is from stands behind what it says.
  void start(std::string_view text, AnswerSink& sink) {
    AnswerStart start;
    bool error = false;
    json::Cursor at(text);
    const bool object = at.peek() == '{';
    at.object([&](json::Key key) {
      if (key == "responseId") {
        start.id.escaped = at.string();
      } else if (key == "modelVersion") {
        start.model.escaped = at.string();
      } else {
        error = error || key == "error";
        at.skip_value();
      }
    });
    if (error) { return fail_with(text, sink); }
    if (!object || !at.ok()) { return; }
    started_ = true;
    sink.start(start);
  }

  void candidate(json::Cursor& at, AnswerSink& sink) {
    const Candidate said = read_candidate(at);
    if (!at.ok() || said.index >= kMostCandidates || over_) { return; }
    if (said.index >= choices_.size()) { choices_.resize(said.index + 1); }
    Choice& choice = choices_[said.index];
    choice.begun = true;
    if (!said.content.empty()) { parts(said, choice, sink); }
    if (!said.grounding.empty()) {
      json::Cursor grounding(said.grounding);
      tell_grounding(grounding, said.index, scratch_, sink);
    }
    if (!said.citations.empty()) {
      json::Cursor citations(said.citations);
      tell_recitations(citations, said.index, scratch_, sink);
    }
    if (!said.logprobs.empty()) { logprobs(said, sink); }
    if (!said.finish.empty()) { choice.reason = said.finish; }
  }

  void parts(const Candidate& said, Choice& choice, AnswerSink& sink) {
    json::Cursor at(said.content);
    at.object([&](json::Key key) {
      if (key != "parts") { return at.skip_value(); }
      at.array([&] { parts_.tell(at, said.index, choice.tools, sink); });
    });
    malformed_ = malformed_ || !at.ok();
  }

  void logprobs(const Candidate& said, AnswerSink& sink) {
    json::Cursor at(said.logprobs);
    scratch_.clear();
    append_logprobs(at, scratch_);
    sink.delta({.kind = Delta::Kind::logprobs, .choice = said.index, .raw = {scratch_.view()}});
  }

  void usage(json::Cursor& at, AnswerSink& sink) const {
    const Usage usage = read_usage(at);
    if (at.ok() && !over_) { sink.usage(usage); }
  }

  /// A prompt that was blocked has no candidates, but a reason.
  void feedback(json::Cursor& at) {
    at.object([&](json::Key key) {
      if (key != "blockReason") { return at.skip_value(); }
      blocked_ = at.string();
      if (choices_.empty()) { choices_.resize(1); }
    });
  }

  void fail_with(std::string_view text, AnswerSink& sink) {
    if (over_) { return; }
    over_ = true;
    sink.error(read_error(0, text));
  }

  void finish(AnswerSink& sink) {
    over_ = true;
    for (unsigned i = 0; i < choices_.size(); ++i) {
      const Choice& choice = choices_[i];
      if (!blocked_.empty() && !choice.begun) {
        sink.finish({.choice = i, .reason = Finish::Reason::content_filter, .text = {blocked_}});
      } else if (!choice.reason.empty()) {
        sink.finish({.choice = i,
                     .reason = finish_of(choice.reason, choice.tools > 0),
                     .text = {choice.reason}});
      }
    }
    sink.end();
  }

  PartTeller parts_;
  std::vector<Choice> choices_;
  std::string blocked_;  ///< why the prompt was
  Buffer scratch_;
  bool malformed_ = false;  ///< what is read now
  bool started_ = false;
  bool over_ = false;
};

}  // namespace

std::unique_ptr<AnswerReader> make_answer_reader() {
  return std::make_unique<Reader>();
}

}  // namespace butter::dialect::gemini
