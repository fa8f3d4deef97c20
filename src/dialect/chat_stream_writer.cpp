#include "dialect/chat_stream_writer.h"

#include <string>
#include <vector>

#include "dialect/chat_answer_writer.h"
#include "dialect/chat_pieces.h"
#include "dialect/chat_usage.h"
#include "dialect/messages_citation.h"
#include "dialect/one_line.h"
#include "dialect/openai_error.h"
#include "json/writer.h"

namespace butter::dialect {

namespace {

using Kind = Delta::Kind;

/// Thread: worker-local.
class StreamWriter final : public AnswerWriter {
 public:
  StreamWriter(Buffer& out, const AnswerContext& context) : AnswerWriter(out, context) {}

  void start(const AnswerStart& start) override {
    Buffer head;
    json::Writer writer(head);
    writer.begin_object();
    write_chat_head(start, context_, "chat.completion.chunk", writer);
    head_ = "data: " + std::string(head.view());
  }

  void delta(const Delta& delta) override {
    Choice& choice = begin(delta.choice);
    if (delta.kind == Kind::logprobs) { return logprobs(delta); }
    json::Writer writer = open(delta.choice);
    piece(delta, choice.thinking, writer);
    writer.end_object();
    close("null");
  }

  void finish(const Finish& finish) override {
    (void)begin(finish.choice);
    (void)open(finish.choice).end_object();
    close('"' + std::string(chat_finish_reason(finish.reason)) + '"');
  }

  void usage(const Usage& usage) override { usage_ = usage; }

  void end() override {
    if (context_.stream_usage) {
      out_.append(head_);
      out_.append(",\"choices\":[],\"usage\":");
      json::Writer writer(out_);
      write_chat_usage(usage_, writer);
      out_.append("}\n\n");
    }
    out_.append("data: [DONE]\n\n");
    over_ = true;
  }

  void error(const AnswerError& error) override {
    out_.append("data: ");
    write_openai_error(error, context_.id, out_);
    out_.append("\n\n");
    over_ = true;
  }

 private:
  struct Choice {
    bool begun = false;
    std::string thinking;  ///< text of the block that is open
  };

  /// The chunk with the role, once for each choice.
  Choice& begin(unsigned index) {
    begun_ = true;
    if (index >= choices_.size()) { choices_.resize(index + 1); }
    Choice& choice = choices_[index];
    if (!choice.begun) {
      choice.begun = true;
      (void)open(index).key("role").escaped("assistant").key("content").escaped("").end_object();
      close("null");
    }
    return choice;
  }

  json::Writer open(unsigned choice) {
    out_.append(head_);
    out_.append(",\"choices\":[{\"index\":");
    out_.append_number(choice);
    out_.append(",\"delta\":");
    json::Writer writer(out_);
    writer.begin_object();
    return writer;
  }

  void close(std::string_view finish_reason) {
    out_.append(",\"finish_reason\":");
    out_.append(finish_reason);
    out_.append("}]}\n\n");
  }

  void logprobs(const Delta& delta) {
    (void)open(delta.choice).end_object();
    out_.append(",\"logprobs\":");
    append_one_line(out_, delta.raw.json);
    close("null");
  }

  void piece(const Delta& delta, std::string& thinking, json::Writer& writer) {
    switch (delta.kind) {
      case Kind::text: writer.key("content").escaped(delta.text.escaped); break;
      case Kind::refusal: writer.key("refusal").escaped(delta.text.escaped); break;
      case Kind::thinking:
        thinking += delta.text.escaped;
        writer.key("reasoning_content").escaped(delta.text.escaped);
        break;
      case Kind::signature:
        writer.key("thinking_blocks").begin_array();
        write_thinking_block({thinking}, delta.text, writer);
        writer.end_array();
        thinking.clear();
        break;
      case Kind::redacted:
        writer.key("thinking_blocks").begin_array();
        write_redacted_block(delta.text, writer);
        writer.end_array();
        break;
      case Kind::tool_begin: tool_begin(delta, writer); break;
      case Kind::tool_arguments:
        tool(delta, writer).key("function").begin_object().key("arguments");
        writer.escaped(delta.text.escaped).end_object().end_object().end_array();
        break;
      case Kind::citation:
        writer.key("annotations").begin_array();
        write_chat_annotation(delta.raw, out_);
        writer.end_array();
        break;
      case Kind::logprobs: break;
    }
  }

  static json::Writer& tool(const Delta& delta, json::Writer& writer) {
    writer.key("tool_calls").begin_array().begin_object();
    return writer.key("index").number(delta.tool);
  }

  void tool_begin(const Delta& delta, json::Writer& writer) {
    tool(delta, writer).key("id").escaped(chat_tool_id(delta, context_));
    writer.key("type").escaped("function").key("function").begin_object();
    writer.key("name").escaped(delta.name.escaped).key("arguments").escaped("").end_object();
    write_tool_signature(delta.signature, writer);
    writer.end_object().end_array();
  }

  std::string head_;
  std::vector<Choice> choices_;
  Usage usage_;
};

}  // namespace

std::unique_ptr<AnswerWriter> make_chat_stream_writer(Buffer& out, const AnswerContext& context) {
  return std::make_unique<StreamWriter>(out, context);
}

}  // namespace butter::dialect
