#pragma once

#include "dialect/conversation.h"
#include "dialect/fields.h"

namespace butter::dialect {

/// `messages`: system and developer messages go to `into.system`, all others become a turn each.
///
/// Thinking of earlier turns comes back as our chat answers give it: `reasoning_content` is its
/// text, `thinking_blocks` the text with its signatures ({type: "thinking", thinking, signature} or
/// {type: "redacted_thinking", data}); where both are there the blocks count. A tool call's
/// signature is its `extra_content.google.thought_signature`.
void read_chat_messages(Fields& fields, Conversation& into);

}  // namespace butter::dialect
