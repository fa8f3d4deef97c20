#include "guard/stream_pieces.h"

#include <algorithm>
#include <iterator>

#include "json/cursor.h"

namespace butter::guard {

namespace {

using json::Cursor;
using json::Key;
using Of = Channel::Of;

/// Notes a string, unless there is nothing in it.
void add(Cursor& at, const Channel& channel, std::vector<Piece>& pieces) {
  const std::string_view raw = at.string();
  if (!raw.empty()) { pieces.push_back({channel, raw}); }
}

/// The pieces of one choice, whose index may have come last.
void give_out(Of of, unsigned index, bool finished, std::vector<Piece>& found, Pieces& out) {
  for (Piece& piece : found) {
    piece.channel.index = index;
    out.pieces.push_back(piece);
  }
  if (finished) { out.ending.push_back({.of = of, .index = index}); }
}

// ---- chat and completions -----------------------------------------------------------------------

/// The arguments of `function`, or the input of `custom`.
void read_call(Cursor& at, Channel channel, std::vector<Piece>& pieces) {
  std::vector<Piece> found;
  at.object([&](Key key) {
    if (key == "index") {
      channel.part = at.small_number();
    } else if (key == "function" || key == "custom") {
      at.object([&](Key inner) {
        if (inner == "arguments" || inner == "input") {
          channel.field = inner == "arguments" ? "arguments" : "input";
          add(at, channel, found);
        } else {
          at.skip_value();
        }
      });
    } else {
      at.skip_value();
    }
  });
  for (Piece& piece : found) {
    piece.channel.part = channel.part;
    pieces.push_back(piece);
  }
}

/// OpenRouter's: the reasoning once more, in parts that have a type.
void read_detail(Cursor& at, std::vector<Piece>& pieces) {
  Piece piece{.channel = {.of = Of::choice, .field = "reasoning_details"}};
  at.object([&](Key key) {
    if (key == "index") {
      piece.channel.part = at.small_number();
    } else if (key == "text") {
      piece.raw = at.string();
    } else {
      at.skip_value();
    }
  });
  if (!piece.raw.empty()) { pieces.push_back(piece); }
}

void read_delta(Cursor& at, std::vector<Piece>& pieces) {
  static constexpr std::string_view kTexts[] = {"content", "reasoning_content", "reasoning",
                                                "refusal"};
  at.object([&](Key key) {
    if (key == "tool_calls") {
      at.array([&] { read_call(at, {.of = Of::choice}, pieces); });
    } else if (key == "reasoning_details") {
      at.array([&] { read_detail(at, pieces); });
    } else if (key == "function_call") {
      at.object([&](Key inner) {
        inner == "arguments" ? add(at, {.of = Of::choice, .field = "function_call"}, pieces)
                             : at.skip_value();
      });
    } else if (const auto* const text = std::ranges::find(kTexts, std::string_view(key));
               text != std::end(kTexts)) {
      add(at, {.of = Of::choice, .field = *text}, pieces);
    } else {
      at.skip_value();
    }
  });
}

void read_choice(Cursor& at, Pieces& out) {
  std::vector<Piece> found;
  unsigned index = 0;
  bool finished = false;
  at.object([&](Key key) {
    if (key == "index") {
      index = at.small_number();
    } else if (key == "delta") {
      read_delta(at, found);
    } else if (key == "text") {
      add(at, {.of = Of::choice, .field = "text"}, found);
    } else if (key == "finish_reason") {
      finished = !at.skip_empty();
    } else {
      at.skip_value();
    }
  });
  give_out(Of::choice, index, finished, found, out);
}

// ---- Gemini -------------------------------------------------------------------------------------

void read_part(Cursor& at, std::vector<Piece>& pieces) {
  std::string_view raw;
  bool thought = false;
  at.object([&](Key key) {
    if (key == "text") {
      raw = at.string();
    } else if (key == "thought") {
      thought = !at.skip_empty();
    } else {
      at.skip_value();
    }
  });
  if (!raw.empty()) {
    pieces.push_back({{.of = Of::candidate, .field = thought ? "thought" : "text"}, raw});
  }
}

void read_candidate(Cursor& at, Pieces& out) {
  std::vector<Piece> found;
  unsigned index = 0;
  bool finished = false;
  at.object([&](Key key) {
    if (key == "index") {
      index = at.small_number();
    } else if (key == "content") {
      at.object([&](Key inner) {
        inner == "parts" ? at.array([&] { read_part(at, found); }) : at.skip_value();
      });
    } else if (key == "finishReason") {
      finished = !at.skip_empty();
    } else {
      at.skip_value();
    }
  });
  give_out(Of::candidate, index, finished, found, out);
}

// ---- events with a type: messages and responses ------------------------------------------------

/// What an event of either says of itself.
struct Typed {
  std::string_view type;
  unsigned index = 0, output = 0, part = 0;
  std::string_view delta;        ///< a string
  std::string_view text, field;  ///< a string in a delta that is an object, and its name
};

void read_block_delta(Cursor& at, Typed& event) {
  static constexpr std::string_view kTexts[] = {"text", "partial_json", "thinking"};
  at.object([&](Key key) {
    const auto* const text = std::ranges::find(kTexts, std::string_view(key));
    if (text == std::end(kTexts)) { return at.skip_value(); }
    event.field = *text;
    event.text = at.string();
  });
}

void add_block(const Typed& event, Pieces& out) {
  const Channel block{.of = Of::block, .field = event.field, .index = event.index};
  if (event.type == "content_block_delta" && !event.text.empty()) {
    out.pieces.push_back({block, event.text});
  } else if (event.type == "content_block_stop") {
    out.ending.push_back(block);
  }
  if (event.type == "message_delta" || event.type == "message_stop") { out.all_end = true; }
}

void add_item(const Typed& event, Pieces& out) {
  constexpr std::string_view kDelta = ".delta";
  Channel item{.of = Of::item, .field = event.type, .index = event.output, .part = event.part};
  if (event.type.ends_with(kDelta)) {
    item.field.remove_suffix(kDelta.size());
    // Sound is no text, but what was said is.
    const bool sound = item.field.contains("audio") && !item.field.contains("transcript");
    if (!sound && !event.delta.empty()) { out.pieces.push_back({item, event.delta}); }
  } else if (event.type.ends_with(".done")) {
    out.ending.push_back(item);
  }
  static constexpr std::string_view kEnds[] = {"response.completed", "response.incomplete",
                                               "response.failed"};
  if (std::ranges::find(kEnds, event.type) != std::end(kEnds)) { out.all_end = true; }
}

void add_typed(const Typed& event, Pieces& out) {
  if (event.type == "error") {
    out.all_end = true;
  } else if (event.type.starts_with("response.")) {
    add_item(event, out);
  } else {
    add_block(event, out);
  }
}

}  // namespace

bool Pieces::ends(const Channel& channel) const noexcept {
  return all_end || std::ranges::any_of(ending, [&](const Channel& one) {
           return one.of == channel.of && one.index == channel.index;
         });
}

Pieces read_pieces(std::string_view data) {
  Pieces out;
  Typed event;
  Cursor at(data);
  at.object([&](Key key) {
    if (key == "choices") {
      at.array([&] { read_choice(at, out); });
    } else if (key == "candidates") {
      at.array([&] { read_candidate(at, out); });
    } else if (key == "type") {
      event.type = at.string();
    } else if (key == "index") {
      event.index = at.small_number();
    } else if (key == "output_index") {
      event.output = at.small_number();
    } else if (key == "content_index" || key == "summary_index") {
      event.part = at.small_number();
    } else if (key == "delta" && at.peek() == '{') {
      read_block_delta(at, event);
    } else if (key == "delta") {
      event.delta = at.string();
    } else if (key == "error") {
      out.all_end = !at.skip_empty() || out.all_end;
    } else {
      at.skip_value();
    }
  });
  if (!event.type.empty()) { add_typed(event, out); }
  return out;
}

Content content_of(const Channel& channel) noexcept {
  const bool json = channel.field == "arguments" || channel.field == "function_call" ||
                    channel.field == "partial_json" || channel.field.ends_with("_arguments");
  return json ? Content::json : Content::prose;
}

}  // namespace butter::guard
