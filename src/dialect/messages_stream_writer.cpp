#include "dialect/messages_stream_writer.h"

#include <string_view>

#include "dialect/messages_block_writer.h"
#include "dialect/messages_citation.h"
#include "dialect/messages_error.h"
#include "dialect/messages_usage.h"
#include "json/writer.h"

namespace butter::dialect {

namespace {

using Kind = Delta::Kind;

/// Thread: worker-local.
class StreamWriter final : public MessagesBlockWriter {
 public:
  StreamWriter(Buffer& out, const AnswerContext& context) : MessagesBlockWriter(out, context) {}

  void end() override {
    open_message();
    close_open();
    event("message_delta", [&](json::Writer& writer) {
      writer.key("delta").begin_object();
      write_stop(writer);
      writer.end_object().key("usage");
      write_messages_usage(usage_, writer);
    });
    event("message_stop", [](json::Writer&) {});
    over_ = true;
  }

  void error(const AnswerError& error) override {
    out_.append("event: error\ndata: ");
    write_messages_error(error, context_.id, out_);
    out_.append("\n\n");
    over_ = true;
  }

 protected:
  void open_block(Block block, const Delta& delta) override {
    open_message();
    block_event("content_block_start", index_, [&](json::Writer& writer) {
      writer.key("content_block").begin_object().key("type");
      empty_block(block, delta, writer);
      writer.end_object();
    });
  }

  void piece(unsigned index, const Delta& delta) override {
    if (delta.kind == Kind::citation) { return cite(delta.raw); }
    block_event("content_block_delta", index, [&](json::Writer& writer) {
      writer.key("delta").begin_object().key("type");
      written_piece(delta, writer);
      writer.end_object();
    });
  }

  void close_block() override {
    block_event("content_block_stop", index_, [](json::Writer&) {});
  }

 private:
  template <class Write>
  void event(std::string_view type, Write&& write) {
    out_.append("event: ");
    out_.append(type);
    out_.append("\ndata: ");
    json::Writer writer(out_);
    writer.begin_object().key("type").escaped(type);
    write(writer);
    writer.end_object();
    out_.append("\n\n");
  }

  template <class Write>
  void block_event(std::string_view type, unsigned index, Write&& write) {
    event(type, [&](json::Writer& writer) {
      writer.key("index").number(index);
      write(writer);
    });
  }

  void open_message() {
    if (opened_) { return; }
    opened_ = true;
    event("message_start", [&](json::Writer& writer) {
      writer.key("message").begin_object();
      write_head(writer);
      writer.key("content").begin_array().end_array();
      writer.key("stop_reason").null().key("stop_sequence").null().key("usage");
      write_messages_usage(usage_, writer);
      writer.end_object();
    });
  }

  void empty_block(Block block, const Delta& delta, json::Writer& writer) {
    switch (block) {
      case Block::none:
      case Block::text: writer.escaped("text").key("text").escaped(""); break;
      case Block::thinking:
        writer.escaped("thinking").key("thinking").escaped("").key("signature").escaped("");
        break;
      case Block::redacted:
        writer.escaped("redacted_thinking").key("data").escaped(delta.text.escaped);
        break;
      case Block::tool_use:
        writer.escaped("tool_use").key("id").escaped(tool_id(delta));
        writer.key("name").escaped(delta.name.escaped).key("input").raw("{}");
        break;
    }
  }

  static void written_piece(const Delta& delta, json::Writer& writer) {
    const std::string_view text = delta.text.escaped;
    switch (delta.kind) {
      case Kind::thinking: writer.escaped("thinking_delta").key("thinking").escaped(text); break;
      case Kind::signature: writer.escaped("signature_delta").key("signature").escaped(text); break;
      case Kind::tool_arguments:
        writer.escaped("input_json_delta").key("partial_json").escaped(text);
        break;
      case Kind::text:
      case Kind::refusal:
      case Kind::redacted:
      case Kind::tool_begin:
      case Kind::citation:
      case Kind::logprobs: writer.escaped("text_delta").key("text").escaped(text); break;
    }
  }

  void cite(Raw citation) {
    Buffer written;
    if (!write_messages_citation(citation, written)) { return; }
    block_event("content_block_delta", index_, [&](json::Writer& writer) {
      writer.key("delta").begin_object().key("type").escaped("citations_delta");
      writer.key("citation").raw(written.view()).end_object();
    });
  }

  bool opened_ = false;
};

}  // namespace

std::unique_ptr<AnswerWriter> make_messages_stream_writer(Buffer& out,
                                                          const AnswerContext& context) {
  return std::make_unique<StreamWriter>(out, context);
}

}  // namespace butter::dialect
