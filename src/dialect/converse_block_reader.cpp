#include "dialect/converse_block_reader.h"

#include <algorithm>
#include <string>

#include "dialect/count.h"
#include "json/text.h"

namespace butter::dialect {

namespace {

using Kind = Delta::Kind;

/// What an event of a content block holds.
struct BlockEvent {
  std::uint64_t index = 0;
  std::string_view payload{};  ///< an object
};

BlockEvent read_block(json::Cursor& cursor, std::string_view payload_name) {
  BlockEvent event;
  cursor.object([&](json::Key key) {
    if (key == "contentBlockIndex") {
      event.index = read_count(cursor).value_or(0);
    } else if (key == payload_name) {
      event.payload = cursor.value();
    } else {
      cursor.skip_value();
    }
  });
  return event;
}

void tell(AnswerSink& sink, Kind kind, std::string_view escaped) {
  if (!escaped.empty()) { sink.delta({.kind = kind, .text = {escaped}}); }
}

/// Of a whole answer and of a stream: the text lies one level deeper in the first.
void read_reasoning(json::Cursor& cursor, AnswerSink& sink) {
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

}  // namespace

void ConverseBlockReader::whole(json::Cursor& cursor, AnswerSink& sink) {
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

void ConverseBlockReader::read_tool_use(json::Cursor& cursor, AnswerSink& sink) {
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

void ConverseBlockReader::read_citations(json::Cursor& cursor, AnswerSink& sink) {
  std::string_view citations;
  cursor.object([&](json::Key key) {
    if (key == "content") {
      cursor.array([&] { whole(cursor, sink); });
    } else if (key == "citations") {
      citations = cursor.value();
    } else {
      cursor.skip_value();
    }
  });
  json::Cursor each(citations);
  each.array([&] { sink.delta({.kind = Kind::citation, .raw = {each.value()}}); });
}

void ConverseBlockReader::start(json::Cursor& cursor, AnswerSink& sink) {
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

void ConverseBlockReader::piece(json::Cursor& cursor, AnswerSink& sink) {
  const BlockEvent event = read_block(cursor, "delta");
  json::Cursor inside(event.payload);
  read_delta(inside, event.index, sink);
}

void ConverseBlockReader::read_delta(json::Cursor& cursor, std::uint64_t block, AnswerSink& sink) {
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

void ConverseBlockReader::tell_arguments(std::uint64_t block, std::string_view escaped,
                                         AnswerSink& sink) {
  const auto tool = std::ranges::find(tools_, block, &Tool::block);
  if (tool == tools_.end()) { return; }
  tool->has_arguments = true;
  sink.delta({.kind = Kind::tool_arguments,
              .tool = static_cast<unsigned>(tool - tools_.begin()),
              .text = {escaped}});
}

// A call without parameters streams no input: a whole answer has {}.
void ConverseBlockReader::stop(json::Cursor& cursor, AnswerSink& sink) {
  const BlockEvent event = read_block(cursor, "");
  const auto tool = std::ranges::find(tools_, event.index, &Tool::block);
  if (tool != tools_.end() && !tool->has_arguments) { tell_arguments(event.index, "{}", sink); }
}

}  // namespace butter::dialect
