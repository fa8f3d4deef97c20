#include "dialect/messages_answer_writer.h"

#include <string>
#include <string_view>
#include <vector>

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
  WholeWriter(Buffer& out, const AnswerContext& context) : MessagesBlockWriter(out, context) {}

  void end() override {
    json::Writer writer(out_);
    writer.begin_object();
    write_head(writer);
    writer.key("content").begin_array();
    for (const Kept& block : blocks_) { write(block, writer); }
    writer.end_array();
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
    Kept& kept = blocks_.emplace_back(Kept{.block = block});
    if (block == Block::redacted) { kept.text = delta.text.escaped; }
    if (block != Block::tool_use) { return; }
    kept.id = tool_id(delta);
    kept.name = delta.name.escaped;
  }

  void piece(unsigned index, const Delta& delta) override {
    Kept& kept = blocks_[index];
    if (delta.kind == Kind::signature) {
      kept.signature += delta.text.escaped;
    } else if (delta.kind == Kind::citation) {
      Buffer written;
      if (!write_messages_citation(delta.raw, written)) { return; }
      (kept.citations += kept.citations.empty() ? "" : ",") += written.view();
    } else {
      kept.text += delta.text.escaped;
    }
  }

  void close_block() override {}

 private:
  struct Kept {
    Block block = Block::none;
    std::string text{}, signature{}, citations{}, id{}, name{};  ///< escaped
  };

  static void write(const Kept& block, json::Writer& writer) {
    writer.begin_object().key("type");
    switch (block.block) {
      case Block::none:
      case Block::text:
        writer.string("text").key("text").escaped(block.text);
        if (!block.citations.empty()) { writer.key("citations").raw('[' + block.citations + ']'); }
        break;
      case Block::thinking:
        writer.string("thinking").key("thinking").escaped(block.text);
        writer.key("signature").escaped(block.signature);
        break;
      case Block::redacted:
        writer.string("redacted_thinking").key("data").escaped(block.text);
        break;
      case Block::tool_use:
        writer.string("tool_use").key("id").escaped(block.id).key("name").escaped(block.name);
        write_input(block.text, writer);
        break;
    }
    writer.end_object();
  }

  static void write_input(std::string_view arguments, json::Writer& writer) {
    std::string json;
    writer.key("input");
    if (arguments.empty()) {
      writer.raw("{}");
    } else if (json::unescape(arguments, json) && is_object(json)) {
      writer.raw(json);
    } else {
      writer.begin_object().key("INVALID_JSON").escaped(arguments).end_object();
    }
  }

  std::vector<Kept> blocks_;  ///< by their index
};

}  // namespace

std::unique_ptr<AnswerWriter> make_messages_writer(Buffer& out, const AnswerContext& context) {
  if (context.stream) { return make_messages_stream_writer(out, context); }
  return std::make_unique<WholeWriter>(out, context);
}

}  // namespace butter::dialect
