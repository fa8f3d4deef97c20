#pragma once

#include <string_view>

#include "base/buffer.h"
#include "guard/stream_pieces.h"

namespace butter::guard {

/// Appends an event that tells one more piece of a text, in the shape of those before it.
/// \param like  a whole event that told a piece of the same channel
/// \param text  not escaped
void append_piece_event(Buffer& out, const Channel& channel, std::string_view like,
                        std::string_view text);

}  // namespace butter::guard
