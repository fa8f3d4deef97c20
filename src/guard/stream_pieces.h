#pragma once

#include <string_view>
#include <vector>

#include "guard/window.h"

namespace butter::guard {

/// One of the texts that a streamed answer tells in pieces.
struct Channel {
  enum class Of : unsigned char {
    choice,     ///< chat and completions
    block,      ///< messages
    item,       ///< responses
    candidate,  ///< Gemini
  };
  Of of = Of::choice;
  /// Of a choice `content`, `text` and so on, `arguments` of a tool call; of a block the member of
  /// its delta; of an item the event's type without `.delta`; of a candidate `text` or `thought`.
  std::string_view field;
  unsigned index = 0;  ///< of the choice, block, item or candidate
  unsigned part = 0;   ///< of the tool call, or of the content part

  friend bool operator==(const Channel&, const Channel&) = default;
};

struct Piece {
  Channel channel;
  std::string_view raw;  ///< between the quotes, as it is written
};

/// What an event of a stream tells of texts.
struct Pieces {
  std::vector<Piece> pieces;    ///< in the order of the event
  std::vector<Channel> ending;  ///< by `of` and `index`: all its texts end with the event
  bool all_end = false;         ///< the answer's texts do

  [[nodiscard]] bool ends(const Channel& channel) const noexcept;
};

/// Reads the data of an event in the shape of any API that streams; of others there are no pieces.
/// \param data  begins with the event's data; what follows its value is not looked at
[[nodiscard]] Pieces read_pieces(std::string_view data);

/// Whether a text is JSON itself: the arguments of calls.
[[nodiscard]] Content content_of(const Channel& channel) noexcept;

}  // namespace butter::guard
