#pragma once

#include <vector>

#include "dialect/conversation.h"
#include "dialect/fields.h"

namespace butter::dialect {

/// Reads a content: a string, or a list of blocks. What other dialects have no block for is read as
/// the text that it holds (a plain text document, a search result) and kept as it is written too;
/// blocks of tools that the provider runs are kept in `own` alone.
///
/// A redacted_thinking with the signature of a call, which our answers put before a tool_use, is
/// read into that call.
void read_messages_content(Fields& fields, Conversation& into, std::vector<Part>& parts,
                           std::vector<MessagesBlock>& own);

/// `system`, or the content of a message whose role is system: text only.
void read_messages_system(Fields& fields, Conversation& into);

}  // namespace butter::dialect
