#include "guard/stream_event.h"

#include <algorithm>
#include <string>

#include "guard/edits.h"
#include "guard/logprobs.h"
#include "http/sse.h"
#include "json/cursor.h"
#include "json/text.h"

namespace butter::guard {

namespace {

using json::Cursor;
using json::Key;
using Of = Channel::Of;

std::string json_string(std::string_view text) {
  std::string out;
  json::append_string(out, text);
  return out;
}

/// A choice or a candidate that says nothing else.
std::string lone_piece(const Channel& channel, std::string_view text) {
  const std::string value = json_string(text);
  const std::string index = R"({"index":)" + std::to_string(channel.index);
  if (channel.of == Of::candidate) {
    const std::string_view thought = channel.field == "thought" ? R"(,"thought":true)" : "";
    return index + R"(,"content":{"role":"model","parts":[{"text":)" + value +
           std::string(thought) + "}]}}";
  }
  if (channel.field == "text") {
    return index + R"(,"text":)" + value + R"(,"finish_reason":null})";
  }
  std::string delta;
  if (channel.field == "arguments" || channel.field == "input") {
    const std::string_view kind = channel.field == "input" ? "custom" : "function";
    delta = R"("tool_calls":[{"index":)" + std::to_string(channel.part) + ",\"" +
            std::string(kind) + "\":{\"" + std::string(channel.field) + "\":" + value + "}}]";
  } else if (channel.field == "function_call") {
    delta = R"("function_call":{"arguments":)" + value + '}';
  } else if (channel.field == "reasoning_details") {
    delta = R"("reasoning_details":[{"type":"reasoning.text","index":)" +
            std::to_string(channel.part) + ",\"text\":" + value + "}]";
  } else {
    delta = '"' + std::string(channel.field) + "\":" + value;
  }
  return index + ",\"delta\":{" + delta + R"(},"finish_reason":null})";
}

/// The members of a chunk but for what it tells, and this instead.
void append_chunk(Buffer& out, std::string_view data, std::string_view told,
                  std::string_view piece) {
  out.push_back('{');
  Cursor at(data);
  at.object([&](Key key) {
    const std::string_view value = at.value();
    if (key == told || key == "usage" || key == "usageMetadata") { return; }
    out.push_back('"');
    out.append(key);
    out.append("\":");
    out.append(value);
    out.push_back(',');
  });
  out.push_back('"');
  out.append(told);
  out.append("\":[");
  out.append(piece);
  out.append("]}");
}

/// The event with another text in the place of its own, the only one.
void append_retold(Buffer& out, std::string_view data, std::string_view text) {
  Edits edits;
  const Pieces pieces = read_pieces(data);
  for (const Piece& piece : pieces.pieces) {
    // With its quotes.
    const auto begin = static_cast<std::size_t>(piece.raw.data() - data.data()) - 1;
    edits.replace(begin, begin + piece.raw.size() + 2, json_string(text));
  }
  drop_logprobs(data, data.data(), edits);
  edits.apply(data, out);
}

}  // namespace

void append_piece_event(Buffer& out, const Channel& channel, std::string_view like,
                        std::string_view text) {
  const http::SseEvent event = http::parse_sse_event(like);
  if (!event.name.empty()) {
    out.append("event: ");
    out.append(event.name);
    out.push_back('\n');
  }
  out.append("data: ");
  const char* const begin = event.data.data();
  // In several lines when it is: what follows the first belongs to it.
  const std::string_view data = Cursor({begin, like.data() + like.size()}).value();
  switch (channel.of) {
    case Of::choice: append_chunk(out, data, "choices", lone_piece(channel, text)); break;
    case Of::candidate: append_chunk(out, data, "candidates", lone_piece(channel, text)); break;
    case Of::block:
    case Of::item: append_retold(out, data, text); break;
  }
  out.append("\n\n");
}

}  // namespace butter::guard
