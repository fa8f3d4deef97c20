#include "dialect/converse_answer.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "dialect/converse_error.h"
#include "dialect/count.h"
#include "dialect/event_stream.h"
#include "json/cursor.h"
#include "json/text.h"

namespace butter::dialect {

namespace {

using Kind = Delta::Kind;

std::uint64_t number_of(json::Cursor& cursor) {
  return read_count(cursor).value_or(0);
}

/// What an event of a content block holds.
struct BlockEvent {
  std::uint64_t index = 0;
  std::string_view payload{};  ///< an object
};

BlockEvent read_block(json::Cursor& cursor, std::string_view payload_name) {
  BlockEvent event;
  cursor.object([&](json::Key key) {
    if (key == "contentBlockIndex") {
      event.index = number_of(cursor);
    } else if (key == payload_name) {
      event.payload = cursor.value();
    } else {
      cursor.skip_value();
    }
  });
  return event;
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
  struct Tool {
    std::uint64_t block;
    bool has_arguments;
  };

  Result<void> on_message(const EventStreamMessage& message, AnswerSink& sink);
  [[nodiscard]] bool on_event(const EventStreamMessage& message, AnswerSink& sink);
  void on_block_start(json::Cursor& cursor, AnswerSink& sink);
  void on_block_delta(json::Cursor& cursor, AnswerSink& sink);
  void on_block_stop(json::Cursor& cursor, AnswerSink& sink);
  void tell_arguments(std::uint64_t block, std::string_view escaped, AnswerSink& sink);
  void read_delta(json::Cursor& cursor, std::uint64_t block, AnswerSink& sink);
  void read_reasoning(json::Cursor& cursor, AnswerSink& sink);
  void read_citations(json::Cursor& cursor, AnswerSink& sink);
  void read_tool_use(json::Cursor& cursor, AnswerSink& sink);
  void read_content(json::Cursor& cursor, AnswerSink& sink);
  void read_message(json::Cursor& cursor, AnswerSink& sink);

  EventStreamDecoder decoder_;
  std::vector<Tool> tools_;  ///< in the order of their blocks
  bool stopped_ = false;     ///< messageStop was seen
  bool over_ = false;        ///< the sink has heard the end or an error
};

void tell(AnswerSink& sink, Kind kind, std::string_view escaped) {
  if (!escaped.empty()) { sink.delta({.kind = kind, .text = {escaped}}); }
}

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
      cursor.array([&] { read_content(cursor, sink); });
    } else {
      cursor.skip_value();
    }
  });
}

void ConverseReader::read_content(json::Cursor& cursor, AnswerSink& sink) {
  cursor.object([&](json::Key key) {
    if (key == "text") {
      tell(sink, Kind::text, cursor.string());
    } else if (key == "toolUse") {
      read_tool_use(cursor, sink);
    } else if (key == "reasoningContent") {
      read_reasoning(cursor, sink);
    } else if (key == "citationsContent") {
      read_citations(cursor, sink);
    } else {
      cursor.skip_value();
    }
  });
}

void ConverseReader::read_tool_use(json::Cursor& cursor, AnswerSink& sink) {
  std::string_view id;
  std::string_view name;
  std::string_view input = "{}";
  cursor.object([&](json::Key key) {
    if (key == "toolUseId") {
      id = cursor.string();
    } else if (key == "name") {
      name = cursor.string();
    } else if (key == "input") {
      input = cursor.value();
    } else {
      cursor.skip_value();
    }
  });
  const auto tool = static_cast<unsigned>(tools_.size());
  tools_.push_back({tool, true});
  sink.delta({.kind = Kind::tool_begin, .tool = tool, .id = {id}, .name = {name}});
  std::string text;
  json::append_string(text, input);
  sink.delta({.kind = Kind::tool_arguments,
              .tool = tool,
              .text = {std::string_view(text).substr(1, text.size() - 2)}});
}

/// Of a whole answer and of a stream: the text lies one level deeper in the first.
void ConverseReader::read_reasoning(json::Cursor& cursor, AnswerSink& sink) {
  std::string_view signature;
  cursor.object([&](json::Key key) {
    if (key == "reasoningText") {
      read_reasoning(cursor, sink);
    } else if (key == "text") {
      tell(sink, Kind::thinking, cursor.string());
    } else if (key == "signature") {
      signature = cursor.string();
    } else if (key == "redactedContent") {
      tell(sink, Kind::redacted, cursor.string());
    } else {
      cursor.skip_value();
    }
  });
  tell(sink, Kind::signature, signature);
}

void ConverseReader::read_citations(json::Cursor& cursor, AnswerSink& sink) {
  std::string_view citations;
  cursor.object([&](json::Key key) {
    if (key == "content") {
      cursor.array([&] { read_content(cursor, sink); });
    } else if (key == "citations") {
      citations = cursor.value();
    } else {
      cursor.skip_value();
    }
  });
  json::Cursor each(citations);
  each.array([&] { sink.delta({.kind = Kind::citation, .raw = {each.value()}}); });
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
    on_block_delta(cursor, sink);
  } else if (message.type == "contentBlockStart") {
    on_block_start(cursor, sink);
  } else if (message.type == "contentBlockStop") {
    on_block_stop(cursor, sink);
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

void ConverseReader::on_block_start(json::Cursor& cursor, AnswerSink& sink) {
  const BlockEvent event = read_block(cursor, "start");
  json::Cursor inside(event.payload);
  inside.object([&](std::string_view kind) {
    if (kind != "toolUse") { return inside.skip_value(); }
    std::string_view id;
    std::string_view name;
    inside.object([&](json::Key key) {
      const std::string_view value = inside.string();
      if (key == "toolUseId") { id = value; }
      if (key == "name") { name = value; }
    });
    const auto tool = static_cast<unsigned>(tools_.size());
    tools_.push_back({event.index, false});
    sink.delta({.kind = Kind::tool_begin, .tool = tool, .id = {id}, .name = {name}});
  });
}

void ConverseReader::on_block_delta(json::Cursor& cursor, AnswerSink& sink) {
  const BlockEvent event = read_block(cursor, "delta");
  json::Cursor inside(event.payload);
  read_delta(inside, event.index, sink);
}

void ConverseReader::read_delta(json::Cursor& cursor, std::uint64_t block, AnswerSink& sink) {
  cursor.object([&](std::string_view kind) {
    if (kind == "text") {
      tell(sink, Kind::text, cursor.string());
    } else if (kind == "reasoningContent") {
      read_reasoning(cursor, sink);
    } else if (kind == "citation") {
      sink.delta({.kind = Kind::citation, .raw = {cursor.value()}});
    } else if (kind == "toolUse") {
      cursor.object([&](json::Key key) {
        const std::string_view value = cursor.string();
        if (key == "input" && !value.empty()) { tell_arguments(block, value, sink); }
      });
    } else {
      cursor.skip_value();
    }
  });
}

void ConverseReader::tell_arguments(std::uint64_t block, std::string_view escaped,
                                    AnswerSink& sink) {
  const auto tool = std::ranges::find(tools_, block, &Tool::block);
  if (tool == tools_.end()) { return; }
  tool->has_arguments = true;
  sink.delta({.kind = Kind::tool_arguments,
              .tool = static_cast<unsigned>(tool - tools_.begin()),
              .text = {escaped}});
}

// A call without parameters streams no input: a whole answer has {}.
void ConverseReader::on_block_stop(json::Cursor& cursor, AnswerSink& sink) {
  const BlockEvent event = read_block(cursor, "");
  const auto tool = std::ranges::find(tools_, event.index, &Tool::block);
  if (tool != tools_.end() && !tool->has_arguments) { tell_arguments(event.index, "{}", sink); }
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
