#include "dialect/messages_answer_writer.h"

#include <string>
#include <string_view>

#include "dialect/messages_block_writer.h"
#include "dialect/messages_citation.h"
#include "dialect/messages_error.h"
#include "dialect/messages_stream_writer.h"
#include "dialect/messages_usage.h"
#include "json/cursor.h"
#include "json/text.h"
#include "json/writer.h"

namespace butter::dialect {

namespace {

using Kind = Delta::Kind;

bool is_object(std::string_view json) {
  json::Cursor at(json);
  if (at.peek() != '{') { return false; }
  at.object([&](std::string_view) { at.skip_value(); });
  return at.ok() && at.peek() == '\0';
}

/// Keeps the blocks and writes them at the end. Thread: worker-local.
class WholeWriter final : public MessagesBlockWriter {
 public:
  WholeWriter(Buffer& out, const AnswerContext& context)
      : MessagesBlockWriter(out, context), list_(content_) {
    list_.begin_array();
  }

  void end() override {
    close_open();
    list_.end_array();
    json::Writer writer(out_);
    writer.begin_object();
    write_head(writer);
    writer.key("content").raw(content_.view());
    write_stop(writer);
    writer.key("usage");
    write_messages_usage(usage_, writer);
    writer.end_object();
    begun_ = over_ = true;
  }

  void error(const AnswerError& error) override {
    write_messages_error(error, context_.id, out_);
    over_ = true;
  }

 protected:
  void open_block(Block block, const Delta& delta) override {
    text_.clear();
    signature_.clear();
    citations_.clear();
    if (block == Block::redacted) { text_ = delta.text.escaped; }
    if (block != Block::tool_use) { return; }
    call_id_ = tool_id(delta);
    name_ = delta.name.escaped;
  }

  void piece(const Delta& delta) override {
    if (delta.kind == Kind::signature) {
      signature_ += delta.text.escaped;
    } else if (delta.kind == Kind::citation) {
      Buffer written;
      if (!write_messages_citation(delta.raw, written)) { return; }
      (citations_ += citations_.empty() ? "" : ",") += written.view();
    } else {
      text_ += delta.text.escaped;
    }
  }

  void close_block() override {
    list_.begin_object().key("type");
    switch (open_) {
      case Block::none:
      case Block::text:
        list_.string("text").key("text").escaped(text_);
        if (!citations_.empty()) { list_.key("citations").raw('[' + citations_ + ']'); }
        break;
      case Block::thinking:
        list_.string("thinking").key("thinking").escaped(text_);
        list_.key("signature").escaped(signature_);
        break;
      case Block::redacted: list_.string("redacted_thinking").key("data").escaped(text_); break;
      case Block::tool_use:
        list_.string("tool_use").key("id").escaped(call_id_).key("name").escaped(name_);
        input();
        break;
    }
    list_.end_object();
  }

 private:
  void input() {
    std::string json;
    list_.key("input");
    if (text_.empty()) {
      list_.raw("{}");
    } else if (json::unescape(text_, json) && is_object(json)) {
      list_.raw(json);
    } else {
      list_.begin_object().key("INVALID_JSON").escaped(text_).end_object();
    }
  }

  Buffer content_;
  json::Writer list_;
  std::string text_, signature_, citations_, call_id_, name_;  ///< of the open block; escaped
};

}  // namespace

std::unique_ptr<AnswerWriter> make_messages_writer(Buffer& out, const AnswerContext& context) {
  if (context.stream) { return make_messages_stream_writer(out, context); }
  return std::make_unique<WholeWriter>(out, context);
}

}  // namespace butter::dialect
