#include "dialect/chat_answer_reader.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "dialect/chat_choice_reader.h"
#include "dialect/chat_error.h"
#include "dialect/chat_usage.h"
#include "dialect/sse_reader.h"

namespace butter::dialect {

namespace {

/// Thread: worker-local.
class ChatReader final : public SseReader {
 public:
  Result<void> whole(std::string_view body, AnswerSink& sink) override {
    if (const auto read = read_object(body, sink); !read) { return read; }
    if (over_) { return {}; }
    if (choices_.empty()) { return fail(Errc::upstream_protocol, "the answer has no choices"); }
    sink.end();
    return {};
  }

  Result<void> close(AnswerSink& sink) override {
    if (const auto rest = feed_rest(sink); !rest || over_) { return rest; }
    if (choices_.empty() || !std::ranges::all_of(choices_, &ChatChoiceReader::finished)) {
      return fail(Errc::upstream_closed, "the stream ended before the answer did");
    }
    sink.end();
    return {};
  }

  [[nodiscard]] AnswerError error(int status, std::string_view body) const override {
    return read_chat_error(status, body);
  }

 protected:
  Result<void> on_event(std::string_view /*name*/, std::string_view data,
                        AnswerSink& sink) override {
    if (over_) { return {}; }
    if (data.starts_with("[DONE]")) {
      over_ = true;
      sink.end();
      return {};
    }
    return read_object(data, sink);
  }

 private:
  /// An answer or a chunk: their members differ in nothing that counts here.
  Result<void> read_object(std::string_view json, AnswerSink& sink) {
    json::Cursor at(json);
    if (at.peek() != '{') { return fail(Errc::upstream_protocol, "the answer is no JSON object"); }
    AnswerStart start;
    std::string_view choices, usage, error;
    at.object([&](json::Key key) {
      if (key == "choices") {
        choices = at.value();
      } else if (key == "id") {
        start.id = {at.string()};
      } else if (key == "model") {
        start.model = {at.string()};
      } else if (key == "created" && !started_) {
        const std::string_view number = at.value();
        std::from_chars(number.data(), number.data() + number.size(), start.created);
      } else if (key == "x_groq") {
        at.object([&](json::Key inner) {
          inner == "usage" ? void(usage = at.value()) : at.skip_value();
        });
      } else {
        const std::string_view value = at.value();
        if (key == "usage" && value != "null") { usage = value; }
        if (key == "error" && value != "null") { error = value; }
      }
    });
    if (!at.ok()) { return fail(Errc::upstream_protocol, "the answer is no well-formed JSON"); }
    if (!error.empty()) { return tell_error(error, sink); }
    if (!started_) { sink.start(start); }
    started_ = true;
    tell_choices(choices, sink);
    if (!usage.empty()) {
      json::Cursor counts(usage);
      sink.usage(read_chat_usage(counts));
    }
    return {};
  }

  Result<void> tell_error(std::string_view error, AnswerSink& sink) {
    over_ = true;
    json::Cursor at(error);
    sink.error(read_chat_stream_error(at));
    return {};
  }

  void tell_choices(std::string_view json, AnswerSink& sink) {
    if (json.empty()) { return; }
    json::Cursor at(json);
    at.array([&] {
      const ChatChoice choice = read_chat_choice(at);
      reader_for(choice.index).tell(choice, sink);
    });
  }

  ChatChoiceReader& reader_for(unsigned choice) {
    const auto found = std::ranges::find(choices_, choice, &ChatChoiceReader::choice);
    return found != choices_.end() ? *found : choices_.emplace_back(choice);
  }

  std::vector<ChatChoiceReader> choices_;
  bool started_ = false;
  bool over_ = false;
};

}  // namespace

std::unique_ptr<AnswerReader> make_chat_reader() {
  return std::make_unique<ChatReader>();
}

}  // namespace butter::dialect
