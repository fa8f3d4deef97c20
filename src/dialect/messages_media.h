#pragma once

#include "base/result.h"
#include "dialect/conversation.h"
#include "json/writer.h"

namespace butter::dialect {

/// Writes an image or a file as a block: by URL, by its bytes, or by its id. Plain text goes as it
/// reads, not as base64.
/// \errors bad_request: a sound, or a file that is neither a PDF nor plain text
[[nodiscard]] Result<void> write_messages_media(const Part& part, json::Writer& writer);

}  // namespace butter::dialect
