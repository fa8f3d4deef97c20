#pragma once

#include <string_view>

#include "dialect/conversation.h"
#include "dialect/fields.h"

namespace butter::dialect {

/// Reads the `source` of an image or a document into a part. A document of plain text or of blocks
/// becomes a text.
/// \param type  "image" or "document"
void read_messages_source(Fields& fields, Conversation& into, std::string_view type, Raw source,
                          Part& part);

}  // namespace butter::dialect
