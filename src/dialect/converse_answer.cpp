#include "dialect/converse_answer.h"

#include <string_view>
#include <utility>

#include "dialect/converse_block_reader.h"
#include "dialect/converse_error.h"
#include "dialect/count.h"
#include "dialect/event_stream.h"
#include "json/cursor.h"

namespace butter::dialect {

namespace {

std::uint64_t number_of(json::Cursor& cursor) {
  return read_count(cursor).value_or(0);
}

Finish finish_of(std::string_view stop_reason) {
  using Reason = Finish::Reason;
  constexpr std::pair<std::string_view, Reason> kReasons[] = {
      {"end_turn", Reason::stop},
      {"stop_sequence", Reason::stop_sequence},
      {"max_tokens", Reason::length},
      {"model_context_window_exceeded", Reason::length},
      {"tool_use", Reason::tool_calls},
      {"guardrail_intervened", Reason::content_filter},
      {"content_filtered", Reason::content_filter}};
  for (const auto& [name, reason] : kReasons) {
    if (name == stop_reason) { return {.reason = reason}; }
  }
  return {.reason = Reason::other, .text = {stop_reason}};
}

/// inputTokens leaves the cached ones out.
/// \source https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html
Usage read_usage(json::Cursor& cursor) {
  Usage usage;
  cursor.object([&](json::Key key) {
    const std::uint64_t value = number_of(cursor);
    if (key == "inputTokens") {
      usage.input = value;
    } else if (key == "outputTokens") {
      usage.output = value;
    } else if (key == "cacheReadInputTokens") {
      usage.cached = value;
    } else if (key == "cacheWriteInputTokens") {
      usage.cache_write = value;
    }
  });
  usage.input += usage.cached + usage.cache_write;
  return usage;
}

class ConverseReader final : public AnswerReader {
 public:
  Result<void> whole(std::string_view body, AnswerSink& sink) override;
  Result<void> feed(std::string_view bytes, AnswerSink& sink) override;
  Result<void> close(AnswerSink& sink) override;
  [[nodiscard]] AnswerError error(int status, std::string_view body) const override {
    return converse_error(status, "", body);
  }

 private:
  Result<void> on_message(const EventStreamMessage& message, AnswerSink& sink);
  [[nodiscard]] bool on_event(const EventStreamMessage& message, AnswerSink& sink);
  void read_message(json::Cursor& cursor, AnswerSink& sink);

  EventStreamDecoder decoder_;
  ConverseBlockReader blocks_;
  bool stopped_ = false;  ///< messageStop was seen
  bool over_ = false;     ///< the sink has heard the end or an error
};

// The whole answer.

Result<void> ConverseReader::whole(std::string_view body, AnswerSink& sink) {
  std::string_view output;
  std::string_view stop_reason;
  Usage usage;
  bool has_usage = false;
  json::Cursor cursor(body);
  const bool object = cursor.peek() == '{';
  cursor.object([&](json::Key key) {
    if (key == "output") {
      output = cursor.value();
    } else if (key == "stopReason") {
      stop_reason = cursor.string();
    } else if (key == "usage") {
      usage = read_usage(cursor);
      has_usage = true;
    } else {
      cursor.skip_value();
    }
  });
  if (!object || !cursor.ok() || output.empty() || stop_reason.empty()) {
    return fail(Errc::upstream_protocol, "the answer is not one of Converse");
  }
  sink.start({});
  json::Cursor inside(output);
  inside.object([&](json::Key key) {
    if (key == "message") {
      read_message(inside, sink);
    } else {
      inside.skip_value();
    }
  });
  sink.finish(finish_of(stop_reason));
  if (has_usage) { sink.usage(usage); }
  sink.end();
  return {};
}

void ConverseReader::read_message(json::Cursor& cursor, AnswerSink& sink) {
  cursor.object([&](json::Key key) {
    if (key == "content") {
      cursor.array([&] { blocks_.whole(cursor, sink); });
    } else {
      cursor.skip_value();
    }
  });
}

// A stream.

Result<void> ConverseReader::feed(std::string_view bytes, AnswerSink& sink) {
  while (!over_) {
    const auto message = decoder_.next(bytes);
    if (!message) { return std::unexpected(message.error()); }
    if (!*message) { return {}; }
    if (auto told = on_message(**message, sink); !told) { return told; }
  }
  return {};
}

Result<void> ConverseReader::on_message(const EventStreamMessage& message, AnswerSink& sink) {
  if (message.message_type == "event") {
    if (on_event(message, sink)) { return {}; }
    return fail(Errc::upstream_protocol,
                "malformed event stream: the payload of an event is no JSON object");
  }
  AnswerError error = converse_error(0, message.type, message.payload);
  if (!message.error.empty()) { error.message = message.error; }
  over_ = true;
  sink.error(error);
  return {};
}

bool ConverseReader::on_event(const EventStreamMessage& message, AnswerSink& sink) {
  json::Cursor cursor(message.payload);
  if (cursor.peek() != '{') { return false; }
  if (message.type == "contentBlockDelta") {
    blocks_.piece(cursor, sink);
  } else if (message.type == "contentBlockStart") {
    blocks_.start(cursor, sink);
  } else if (message.type == "contentBlockStop") {
    blocks_.stop(cursor, sink);
  } else if (message.type == "messageStart") {
    cursor.skip_value();
    sink.start({});
  } else if (message.type == "messageStop") {
    cursor.object([&](json::Key key) {
      if (key != "stopReason") { return cursor.skip_value(); }
      stopped_ = true;
      sink.finish(finish_of(cursor.string()));
    });
  } else if (message.type == "metadata") {
    cursor.object([&](json::Key key) {
      if (key != "usage") { return cursor.skip_value(); }
      sink.usage(read_usage(cursor));
    });
    over_ = stopped_ && cursor.ok();
    if (over_) { sink.end(); }
  }
  return cursor.ok();
}

Result<void> ConverseReader::close(AnswerSink& sink) {
  if (over_) { return {}; }
  if (!stopped_ || decoder_.inside_message()) {
    return fail(Errc::upstream_closed, "the stream ended before its messageStop");
  }
  over_ = true;
  sink.end();
  return {};
}

}  // namespace

std::unique_ptr<AnswerReader> make_converse_reader() {
  return std::make_unique<ConverseReader>();
}

}  // namespace butter::dialect
