#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/buffer.h"
#include "guard/guard.h"
#include "guard/stream_pieces.h"
#include "guard/window.h"

namespace butter::guard {

/// Redacts a streamed answer of any API. A text may be cut into events anywhere: what may be the
/// beginning of something is held back, at most Sensitive::kMostUndecided bytes of each text, and
/// comes with the next event of the same text, or in one of its own before that which ends it. An
/// event in which nothing changes keeps its bytes. Strings that are not told in pieces are redacted
/// as in a whole answer. Thread: any one at a time.
class StreamRedactor {
 public:
  static constexpr std::size_t kMostChannels = 64;  ///< of further texts each piece is taken alone

  explicit StreamRedactor(std::shared_ptr<const Guard> guard) : guard_(std::move(guard)) {}

  /// \param block  one whole event, with its blank line \param out  whole events are appended
  void feed(std::string_view block, Buffer& out);
  /// The answer is over, whether it said so or not: what is still held.
  void end(Buffer& out);

 private:
  struct Text {
    Channel channel;
    std::string field;  ///< memory of channel.field
    Window window;
    std::string last;  ///< the event of the last piece, while something is held
  };

  [[nodiscard]] Text* find(const Channel& channel);
  void change_event(std::string_view block, std::string_view data, Buffer& out);
  void change_piece(const Piece& piece, Sensitive::Rest rest, std::string_view block, Edits& edits);
  void let_go(Text& text, Buffer& out);

  std::shared_ptr<const Guard> guard_;
  std::vector<std::unique_ptr<Text>> texts_;
  Decoded decoded_;
};

}  // namespace butter::guard
