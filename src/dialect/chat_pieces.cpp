#include "dialect/chat_pieces.h"

namespace butter::dialect {

void write_chat_head(const AnswerStart& start, const AnswerContext& context,
                     std::string_view object, json::Writer& writer) {
  writer.key("id");
  if (start.id.empty()) {
    writer.string("chatcmpl-" + std::string(context.id));
  } else {
    writer.escaped(start.id.escaped);
  }
  writer.key("object").string(object);
  writer.key("created").number(start.created != 0 ? start.created : context.now).key("model");
  start.model.empty() ? writer.string(context.model) : writer.escaped(start.model.escaped);
}

void write_thinking_block(Text text, Text signature, json::Writer& writer) {
  writer.begin_object().key("type").string("thinking").key("thinking").escaped(text.escaped);
  if (!signature.empty()) { writer.key("signature").escaped(signature.escaped); }
  writer.end_object();
}

void write_redacted_block(Text data, json::Writer& writer) {
  writer.begin_object().key("type").string("redacted_thinking").key("data").escaped(data.escaped);
  writer.end_object();
}

void write_tool_signature(Text signature, json::Writer& writer) {
  if (signature.empty()) { return; }
  writer.key("extra_content").begin_object().key("google").begin_object();
  writer.key("thought_signature").escaped(signature.escaped).end_object().end_object();
}

std::string chat_tool_id(const Delta& begin, const AnswerContext& context) {
  if (!begin.id.empty()) { return std::string(begin.id.escaped); }
  return "call_" + std::string(context.id) + '_' + std::to_string(begin.choice) + '_' +
         std::to_string(begin.tool);
}

}  // namespace butter::dialect
