#pragma once

#include <string_view>
#include <vector>

#include "dialect/conversation.h"
#include "dialect/fields.h"

namespace butter::dialect {

/// Reads a message's content: a string, or a list of parts (text, refusal, image_url, input_audio,
/// file). Null and an empty string are no part.
void read_chat_content(Fields& fields, Conversation& into, std::vector<Part>& parts);

}  // namespace butter::dialect
