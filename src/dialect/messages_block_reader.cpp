#include "dialect/messages_block_reader.h"

#include <algorithm>

#include "json/members.h"
#include "json/text.h"

namespace butter::dialect {

namespace {

using Kind = Delta::Kind;

/// The members of a block or of a piece of one, whatever their type.
struct Members {
  std::string_view type, text, thinking, signature, data, id, name, partial_json;
  std::string_view input, citations, citation;
};

using As = json::Member<Members>::As;

constexpr json::Member<Members> kMembers[] = {{"type", &Members::type},
                                              {"text", &Members::text},
                                              {"partial_json", &Members::partial_json},
                                              {"thinking", &Members::thinking},
                                              {"signature", &Members::signature},
                                              {"data", &Members::data},
                                              {"id", &Members::id},
                                              {"name", &Members::name},
                                              {"input", &Members::input, As::value},
                                              {"citations", &Members::citations, As::value},
                                              {"citation", &Members::citation, As::value}};

Members read(std::string_view json) {
  Members members;
  json::Cursor at(json);
  json::read_members<Members>(at, kMembers, members);
  return members;
}

void tell(Kind kind, std::string_view text, AnswerSink& sink) {
  if (!text.empty()) { sink.delta({.kind = kind, .text = {text}}); }
}

void tell_citations(std::string_view list, AnswerSink& sink) {
  if (list.empty()) { return; }
  json::Cursor at(list);
  at.array([&] { sink.delta({.kind = Kind::citation, .raw = {at.value()}}); });
}

/// What both a whole block and the start of one in a stream may hold.
void tell_content(const Members& block, AnswerSink& sink) {
  if (block.type == "text") {
    tell(Kind::text, block.text, sink);
    tell_citations(block.citations, sink);
  } else if (block.type == "thinking") {
    tell(Kind::thinking, block.thinking, sink);
    tell(Kind::signature, block.signature, sink);
  } else if (block.type == "redacted_thinking") {
    tell(Kind::redacted, block.data, sink);
  }
}

/// A JSON value as the inside of a string.
std::string_view as_text(std::string_view json, Buffer& scratch) {
  scratch.clear();
  json::append_string(scratch, json.empty() ? "{}" : json);
  return scratch.view().substr(1, scratch.size() - 2);
}

}  // namespace

void MessagesBlockReader::whole(std::string_view block, AnswerSink& sink) {
  const Members members = read(block);
  if (members.type != "tool_use") { return tell_content(members, sink); }
  const unsigned tool = begin_tool({members.id}, {members.name}, sink);
  sink.delta(
      {.kind = Kind::tool_arguments, .tool = tool, .text = {as_text(members.input, scratch_)}});
}

void MessagesBlockReader::start(std::string_view index, std::string_view block, AnswerSink& sink) {
  const Members members = read(block);
  if (members.type != "tool_use") { return tell_content(members, sink); }
  const unsigned tool = begin_tool({members.id}, {members.name}, sink);
  open_.push_back({.index = std::string(index),
                   .tool = tool,
                   .input = std::string(as_text(members.input, scratch_))});
}

void MessagesBlockReader::piece(std::string_view index, std::string_view delta, AnswerSink& sink) {
  const Members members = read(delta);
  if (members.type == "text_delta") {
    tell(Kind::text, members.text, sink);
  } else if (members.type == "input_json_delta") {
    Open* const open = open_at(index);
    if (open == nullptr || members.partial_json.empty()) { return; }
    open->input.clear();
    sink.delta({.kind = Kind::tool_arguments, .tool = open->tool, .text = {members.partial_json}});
  } else if (members.type == "thinking_delta") {
    tell(Kind::thinking, members.thinking, sink);
  } else if (members.type == "signature_delta") {
    tell(Kind::signature, members.signature, sink);
  } else if (members.type == "citations_delta" && !members.citation.empty()) {
    sink.delta({.kind = Kind::citation, .raw = {members.citation}});
  }
}

void MessagesBlockReader::stop(std::string_view index, AnswerSink& sink) {
  Open* const open = open_at(index);
  if (open == nullptr) { return; }
  if (!open->input.empty()) {
    sink.delta({.kind = Kind::tool_arguments, .tool = open->tool, .text = {open->input}});
  }
  open_.erase(open_.begin() + (open - open_.data()));
}

unsigned MessagesBlockReader::begin_tool(Text id, Text name, AnswerSink& sink) {
  sink.delta({.kind = Kind::tool_begin, .tool = tools_, .id = id, .name = name});
  return tools_++;
}

MessagesBlockReader::Open* MessagesBlockReader::open_at(std::string_view index) {
  const auto found = std::ranges::find(open_, index, &Open::index);
  return found != open_.end() ? &*found : nullptr;
}

}  // namespace butter::dialect
