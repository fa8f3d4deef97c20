#include "dialect/messages_turns.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/google_signature.h"
#include "dialect/messages_media.h"

namespace butter::dialect {

namespace {

using Kind = Part::Kind;

/// A block that is to be written: a part, or what only messages has words for.
struct Block {
  const Part* part = nullptr;
  Raw own{};
};

bool says_something(const Part& part) {
  switch (part.kind) {
    case Kind::text:
    case Kind::refusal: return !part.text.empty() || !part.messages_own.empty();
    case Kind::thinking: return !signature_of_others(part.signature).empty();
    case Kind::redacted_thinking: return !part.signature.empty();
    case Kind::image:
    case Kind::file:
    case Kind::audio:
    case Kind::tool_call:
    case Kind::tool_result: return true;
  }
  __builtin_unreachable();
}

/// Thread: worker-local.
class TurnWriter {
 public:
  explicit TurnWriter(json::Writer& writer) : writer_(writer) {}

  Result<void> write(const std::vector<Turn>& turns) {
    writer_.begin_array();
    std::vector<Block> blocks;
    std::vector<Block> said;
    bool assistant = false;
    for (const Turn& turn : turns) {
      said.clear();
      append_blocks(turn, said);
      if (said.empty()) { continue; }
      const bool other = (turn.role == Role::assistant) != assistant;
      if (other) { message(assistant, blocks); }
      assistant = turn.role == Role::assistant;
      blocks.insert(blocks.end(), said.begin(), said.end());
    }
    message(assistant, blocks);
    if (!any_) { nothing_said(turns); }
    writer_.end_array();
    return std::move(result_);
  }

 private:
  static bool is_result(const Block& block) {
    return block.part != nullptr && block.part->kind == Kind::tool_result;
  }

  static void append_blocks(const Turn& turn, std::vector<Block>& blocks) {
    auto own = turn.messages_own.begin();
    for (std::size_t i = 0; i <= turn.parts.size(); ++i) {
      for (; own != turn.messages_own.end() && own->before == i; ++own) {
        blocks.push_back({.own = own->block});
      }
      if (i < turn.parts.size() && says_something(turn.parts[i])) {
        blocks.push_back({.part = &turn.parts[i]});
      }
    }
  }

  /// An empty message is the API's to refuse, as it would be when sent by its own callers.
  void nothing_said(const std::vector<Turn>& turns) {
    if (turns.empty()) { return; }
    writer_.begin_object().key("role").escaped("user").key("content").string("").end_object();
  }

  /// Writes what one side said, if anything, and begins anew.
  void message(bool assistant, std::vector<Block>& blocks) {
    if (blocks.empty()) { return; }
    any_ = true;
    if (!assistant && blocks.size() > 1) { std::ranges::stable_partition(blocks, is_result); }
    writer_.begin_object().key("role").escaped(assistant ? "assistant" : "user").key("content");
    const Part* const only = blocks.size() == 1 ? blocks.front().part : nullptr;
    if (only != nullptr && is_plain(*only)) {
      writer_.escaped(only->text.escaped);
    } else {
      writer_.begin_array();
      for (const Block& each : blocks) {
        each.part == nullptr ? void(writer_.raw(each.own.json)) : block(*each.part);
      }
      writer_.end_array();
    }
    writer_.end_object();
    blocks.clear();
  }

  static bool is_plain(const Part& part) {
    return (part.kind == Kind::text || part.kind == Kind::refusal) && part.cache_control.empty() &&
           part.citations.empty() && part.messages_own.empty();
  }

  json::Writer& open(std::string_view type) {
    return writer_.begin_object().key("type").string(type);
  }
  void close(const Part& part) {
    if (!part.cache_control.empty()) { writer_.key("cache_control").raw(part.cache_control.json); }
    writer_.end_object();
  }

  void block(const Part& part) {
    if (!part.messages_own.empty()) {
      writer_.raw(part.messages_own.json);
      return;
    }
    switch (part.kind) {
      case Kind::text:
      case Kind::refusal: return text(part);
      case Kind::image:
      case Kind::file:
      case Kind::audio: return media(part);
      case Kind::tool_call: return tool_use(part);
      case Kind::tool_result: return tool_result(part);
      case Kind::thinking:
        open("thinking").key("thinking").escaped(part.text.escaped);
        writer_.key("signature").escaped(part.signature.escaped).end_object();
        return;
      case Kind::redacted_thinking:
        open("redacted_thinking").key("data").escaped(part.signature.escaped).end_object();
        return;
    }
  }

  void text(const Part& part) {
    open("text").key("text").escaped(part.text.escaped);
    if (!part.citations.empty()) { writer_.key("citations").raw(part.citations.json); }
    close(part);
  }

  void media(const Part& part) {
    if (auto written = write_messages_media(part, writer_); !written && result_) {
      result_ = std::move(written);
    }
  }

  void tool_use(const Part& part) {
    open("tool_use").key("id").escaped(part.id.escaped).key("name").escaped(part.name.escaped);
    writer_.key("input").raw(part.arguments.empty() ? "{}" : part.arguments.json);
    close(part);
  }

  void tool_result(const Part& part) {
    open("tool_result").key("tool_use_id").escaped(part.id.escaped);
    const auto said = std::ranges::count_if(part.content, says_something);
    if (said == 1 && part.content.size() == 1 && is_plain(part.content.front())) {
      writer_.key("content").escaped(part.content.front().text.escaped);
    } else if (said > 0) {
      writer_.key("content").begin_array();
      for (const Part& each : part.content) {
        if (says_something(each)) { block(each); }
      }
      writer_.end_array();
    }
    if (part.is_error) { writer_.key("is_error").boolean(true); }
    close(part);
  }

  json::Writer& writer_;
  Result<void> result_;
  bool any_ = false;
};

}  // namespace

Result<void> write_messages_turns(const Conversation& asked, json::Writer& writer) {
  return TurnWriter(writer).write(asked.turns);
}

void write_messages_system(const Conversation& asked, std::string_view also, json::Writer& writer) {
  const bool marked = std::ranges::any_of(
      asked.system, [](const Part& part) { return !part.cache_control.empty(); });
  const bool said = std::ranges::any_of(asked.system, says_something);
  if (!said && also.empty()) { return; }
  writer.key("system");
  if (!marked) {
    writer.open_string();
    std::string_view between;
    for (const Part& part : asked.system) {
      if (!says_something(part)) { continue; }
      writer.more(between).more(part.text.escaped);
      between = "\\n";
    }
    if (!also.empty()) { writer.more(between).more(also); }
    writer.close_string();
    return;
  }
  writer.begin_array();
  for (const Part& part : asked.system) {
    if (!says_something(part)) { continue; }
    writer.begin_object().key("type").escaped("text").key("text").escaped(part.text.escaped);
    if (!part.cache_control.empty()) { writer.key("cache_control").raw(part.cache_control.json); }
    writer.end_object();
  }
  if (!also.empty()) {
    writer.begin_object().key("type").escaped("text").key("text").escaped(also).end_object();
  }
  writer.end_array();
}

}  // namespace butter::dialect
