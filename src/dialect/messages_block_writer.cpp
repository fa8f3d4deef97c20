#include "dialect/messages_block_writer.h"

#include <algorithm>

#include "dialect/responses_signature.h"
#include "json/text.h"

namespace butter::dialect {

namespace {

using Kind = Delta::Kind;
using Reason = Finish::Reason;

/// `text` as it stands between the quotes of a JSON string.
std::string escaped(std::string_view text) {
  std::string quoted;
  json::append_string(quoted, text);
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

void MessagesBlockWriter::start(const AnswerStart& start) {
  id_ = start.id.empty() ? "msg_" + escaped(context_.id) : std::string(start.id.escaped);
  model_ = start.model.empty() ? escaped(context_.model) : std::string(start.model.escaped);
}

void MessagesBlockWriter::delta(const Delta& delta) {
  if (delta.choice != 0) { return; }  // a message is one answer
  switch (delta.kind) {
    case Kind::refusal: refusal_ += delta.text.escaped; [[fallthrough]];
    case Kind::text:
    case Kind::citation: return say(Block::text, delta);
    case Kind::thinking:
      if (signed_) { close_open(); }
      return say(Block::thinking, delta);
    case Kind::signature:
      if (signed_) { close_open(); }
      say(Block::thinking, delta);
      signed_ = open_ == Block::thinking;
      return;
    case Kind::redacted: begin(Block::redacted, delta); return close_open();
    case Kind::tool_begin: return begin_tool(delta);
    case Kind::tool_arguments: return arguments(delta);
    case Kind::logprobs: return;
  }
}

void MessagesBlockWriter::say(Block block, const Delta& delta) {
  if (delta.text.empty() && delta.raw.empty()) { return; }
  if (open_ != block) { begin(block, delta); }
  piece(index_, delta);
}

void MessagesBlockWriter::begin(Block block, const Delta& delta) {
  close_open();
  begun_ = true;
  open_ = block;
  open_block(block, delta);
}

/// A call's own signature has no place in a tool_use. It goes before it, as a redacted thinking
/// that callers send back as they got it.
void MessagesBlockWriter::begin_tool(const Delta& delta) {
  if (!delta.signature.empty()) {
    const std::string data = std::string(signature_prefix(CarriedSignature::Kind::call)) +
                             std::string(delta.signature.escaped);
    begin(Block::redacted, {.kind = Kind::redacted, .text = {data}});
  }
  begin(Block::tool_use, delta);
  calls_.emplace_back(delta.tool, index_);
}

void MessagesBlockWriter::arguments(const Delta& delta) {
  const auto call = std::ranges::find(calls_, delta.tool, &std::pair<unsigned, unsigned>::first);
  if (call != calls_.end() && !delta.text.empty()) { piece(call->second, delta); }
}

void MessagesBlockWriter::close_open() {
  signed_ = false;
  if (open_ == Block::none) { return; }
  close_block();
  open_ = Block::none;
  ++index_;
}

void MessagesBlockWriter::finish(const Finish& finish) {
  if (finish.choice != 0) { return; }
  reason_ = finish.reason;
  sequence_ = finish.sequence.escaped;
}

void MessagesBlockWriter::write_head(json::Writer& writer) const {
  writer.key("id").escaped(id_).key("type").string("message").key("role").string("assistant");
  writer.key("model").escaped(model_);
}

std::string_view MessagesBlockWriter::stop_reason() const {
  switch (reason_) {
    case Reason::stop:
    case Reason::other:
      // Some vendors say "stop" behind tool calls.
      if (!calls_.empty()) { return "tool_use"; }
      return refusal_.empty() ? "end_turn" : "refusal";
    case Reason::stop_sequence: return "stop_sequence";
    case Reason::length: return "max_tokens";
    case Reason::tool_calls: return "tool_use";
    case Reason::content_filter:
    case Reason::refusal: return "refusal";
    case Reason::pause: return "pause_turn";
  }
  __builtin_unreachable();
}

void MessagesBlockWriter::write_stop(json::Writer& writer) const {
  writer.key("stop_reason").string(stop_reason()).key("stop_sequence");
  sequence_.empty() ? writer.null() : writer.escaped(sequence_);
  if (refusal_.empty()) { return; }
  writer.key("stop_details").begin_object().key("type").string("refusal").key("category").null();
  writer.key("explanation").escaped(refusal_).end_object();
}

std::string MessagesBlockWriter::tool_id(const Delta& begin) const {
  if (!begin.id.empty()) { return std::string(begin.id.escaped); }
  return "toolu_" + escaped(context_.id) + '_' + std::to_string(begin.tool);
}

}  // namespace butter::dialect
