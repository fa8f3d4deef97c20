#include "dialect/responses_items.h"

namespace butter::dialect {

namespace {

void write_list(std::string_view key, std::string_view elements, json::Writer& writer) {
  writer.key(key).begin_array();
  if (!elements.empty()) { writer.raw(elements); }
  writer.end_array();
}

}  // namespace

void write_part(const SaidPart& part, json::Writer& writer) {
  writer.begin_object().key("type");
  switch (part.kind) {
    case SaidPart::Kind::refusal: writer.string("refusal").key("refusal").escaped(part.text); break;
    case SaidPart::Kind::text:
      writer.string("output_text");
      write_list("annotations", part.annotations, writer);
      write_list("logprobs", part.logprobs, writer);
      writer.key("text").escaped(part.text);
      break;
  }
  writer.end_object();
}

void write_item(const SaidItem& item, std::string_view status, json::Writer& writer) {
  writer.begin_object().key("id").escaped(item.id).key("type");
  switch (item.kind) {
    case SaidItem::Kind::message:
      writer.string("message").key("status").string(status);
      write_list("content", item.content, writer);
      writer.key("role").string("assistant");
      break;
    case SaidItem::Kind::reasoning:
      writer.string("reasoning").key("summary").begin_array();
      if (item.summary) {
        writer.begin_object().key("type").string("summary_text");
        writer.key("text").escaped(item.text).end_object();
      }
      writer.end_array();
      if (!item.encrypted.empty()) { writer.key("encrypted_content").escaped(item.encrypted); }
      break;
    case SaidItem::Kind::function_call:
      writer.string("function_call").key("status").string(status);
      writer.key("arguments").escaped(item.text).key("call_id").escaped(item.call_id);
      writer.key("name").escaped(item.name);
      break;
  }
  writer.end_object();
}

}  // namespace butter::dialect
