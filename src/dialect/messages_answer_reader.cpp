#include "dialect/messages_answer_reader.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "dialect/messages_block_reader.h"
#include "dialect/messages_error.h"
#include "dialect/messages_usage.h"
#include "dialect/sse_reader.h"
#include "json/members.h"

namespace butter::dialect {

namespace {

using Reason = Finish::Reason;

constexpr std::pair<std::string_view, Reason> kReasons[] = {
    {"end_turn", Reason::stop},       {"stop_sequence", Reason::stop_sequence},
    {"max_tokens", Reason::length},   {"model_context_window_exceeded", Reason::length},
    {"tool_use", Reason::tool_calls}, {"refusal", Reason::refusal},
    {"pause_turn", Reason::pause}};

/// Members that a message, an event and a message_delta's `delta` have.
struct Members {
  std::string_view type, id, model, stop_reason, stop_sequence, stop_details;
  std::string_view content, usage, message, index, content_block, delta;
};

using As = json::Member<Members>::As;

constexpr json::Member<Members> kMembers[] = {{"type", &Members::type},
                                              {"index", &Members::index, As::value},
                                              {"delta", &Members::delta, As::value},
                                              {"content_block", &Members::content_block, As::value},
                                              {"id", &Members::id},
                                              {"model", &Members::model},
                                              {"stop_reason", &Members::stop_reason},
                                              {"stop_sequence", &Members::stop_sequence},
                                              {"content", &Members::content, As::value},
                                              {"usage", &Members::usage, As::value},
                                              {"message", &Members::message, As::value},
                                              {"stop_details", &Members::stop_details, As::value}};

bool read_members(std::string_view json, Members& into) {
  json::Cursor at(json);
  if (at.peek() != '{') { return false; }
  json::read_members<Members>(at, kMembers, into);
  return at.ok();
}

std::string_view explanation(std::string_view stop_details) {
  std::string_view text;
  json::Cursor at(stop_details);
  if (at.peek() != '{') { return text; }
  at.object(
      [&](json::Key key) { key == "explanation" ? void(text = at.string()) : at.skip_value(); });
  return text;
}

/// Thread: worker-local.
class MessagesReader final : public SseReader {
 public:
  Result<void> whole(std::string_view body, AnswerSink& sink) override {
    Members message;
    if (!read_members(body, message)) {
      return fail(Errc::upstream_protocol, "the answer is no JSON object");
    }
    if (message.type == "error") {
      sink.error(read_messages_stream_error(body));
      return {};
    }
    if (!message.content.starts_with('[')) {
      return fail(Errc::upstream_protocol, "the answer has no content");
    }
    sink.start({.id = {message.id}, .model = {message.model}});
    json::Cursor content(message.content);
    content.array([&] { blocks_.whole(content.value(), sink); });
    if (!content.ok()) {
      return fail(Errc::upstream_protocol, "the answer's content is no well-formed JSON");
    }
    tell_usage(message.usage, sink);
    finish(message, sink);
    sink.end();
    return {};
  }

  Result<void> close(AnswerSink& sink) override {
    if (const auto rest = feed_rest(sink); !rest || over_) { return rest; }
    return fail(Errc::upstream_closed, "the stream ended before the answer did");
  }

  [[nodiscard]] AnswerError error(int status, std::string_view body) const override {
    return read_messages_error(status, body);
  }

 protected:
  Result<void> on_event(std::string_view /*name*/, std::string_view data,
                        AnswerSink& sink) override {
    if (over_) { return {}; }
    Members event;
    if (!read_members(data, event)) {
      return fail(Errc::upstream_protocol, "an event of the stream is no JSON object");
    }
    if (event.type == "content_block_delta") {
      blocks_.piece(event.index, event.delta, sink);
    } else if (event.type == "content_block_start") {
      blocks_.start(event.index, event.content_block, sink);
    } else if (event.type == "content_block_stop") {
      blocks_.stop(event.index, sink);
    } else if (event.type == "message_start") {
      start(event.message, sink);
    } else if (event.type == "message_delta") {
      tell_usage(event.usage, sink);
      Members delta;
      if (read_members(event.delta, delta) && !delta.stop_reason.empty()) { finish(delta, sink); }
    } else if (event.type == "message_stop") {
      over_ = true;
      sink.end();
    } else if (event.type == "error") {
      over_ = true;
      sink.error(read_messages_stream_error(data));
    }
    return {};
  }

 private:
  void start(std::string_view json, AnswerSink& sink) {
    Members message;
    (void)read_members(json, message);
    sink.start({.id = {message.id}, .model = {message.model}});
    tell_usage(message.usage, sink);
  }

  void tell_usage(std::string_view json, AnswerSink& sink) {
    if (json.empty()) { return; }
    json::Cursor at(json);
    usage_.read(at);
    sink.usage(usage_.total());
  }

  static void finish(const Members& from, AnswerSink& sink) {
    const auto* const row =
        std::ranges::find(kReasons, from.stop_reason, &std::pair<std::string_view, Reason>::first);
    Finish finish{.reason = row != std::end(kReasons) ? row->second : Reason::other};
    if (from.stop_reason.empty()) { finish.reason = Reason::stop; }
    if (finish.reason == Reason::stop_sequence) { finish.sequence = {from.stop_sequence}; }
    if (finish.reason == Reason::other) { finish.text = {from.stop_reason}; }
    if (finish.reason == Reason::refusal) {
      const std::string_view why = explanation(from.stop_details);
      if (!why.empty()) { sink.delta({.kind = Delta::Kind::refusal, .text = {why}}); }
    }
    sink.finish(finish);
  }

  MessagesBlockReader blocks_;
  MessagesUsage usage_;
  bool over_ = false;
};

}  // namespace

std::unique_ptr<AnswerReader> make_messages_reader() {
  return std::make_unique<MessagesReader>();
}

}  // namespace butter::dialect
