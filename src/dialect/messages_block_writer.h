#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dialect/codec.h"
#include "json/writer.h"

namespace butter::dialect {

/// Turns what is told of an answer into blocks: one is open at a time, and what is of another kind
/// closes it. Streams and whole answers write the same blocks. Thread: worker-local.
class MessagesBlockWriter : public AnswerWriter {
 public:
  void start(const AnswerStart& start) final;
  void delta(const Delta& delta) final;
  void finish(const Finish& finish) final;
  void usage(const Usage& usage) final { usage_ = usage; }

 protected:
  enum class Block : std::uint8_t { none, text, thinking, redacted, tool_use };

  MessagesBlockWriter(Buffer& out, const AnswerContext& context) : AnswerWriter(out, context) {}

  virtual void open_block(Block block, const Delta& delta) = 0;
  /// A piece of a block: text, thinking, a signature, arguments or a citation. It is the open
  /// block, but for arguments that a vendor sends of two calls in turn.
  virtual void piece(unsigned index, const Delta& delta) = 0;
  virtual void close_block() = 0;

  void close_open();

  /// The members of a message: id, type, role, model; what follows is the caller's to write.
  void write_head(json::Writer& writer) const;
  /// `stop_reason`, `stop_sequence`, and `stop_details` of a refusal.
  void write_stop(json::Writer& writer) const;
  [[nodiscard]] std::string tool_id(const Delta& begin) const;

  unsigned index_ = 0;  ///< of the open block, else of the next
  Block open_ = Block::none;
  Usage usage_;

 private:
  void say(Block block, const Delta& delta);
  void begin(Block block, const Delta& delta);
  void begin_tool(const Delta& delta);
  void arguments(const Delta& delta);
  [[nodiscard]] std::string_view stop_reason() const;

  std::string id_, model_, sequence_, refusal_;  ///< escaped
  Finish::Reason reason_ = Finish::Reason::stop;
  std::vector<std::pair<unsigned, unsigned>> calls_;  ///< a tool call and its block's index
  bool signed_ = false;  ///< the open thinking has its signature: more of it is another block
};

}  // namespace butter::dialect
