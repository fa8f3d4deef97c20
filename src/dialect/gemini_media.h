#pragma once

#include "dialect/conversation.h"
#include "json/writer.h"

namespace butter::dialect::gemini {

/// Writes a part that holds an image, a file or a sound: `inlineData` for bytes, `fileData` for an
/// address or the URI of an uploaded file. The media type is what the caller said, else what the
/// file's name says, else (bytes only) the usual one of its kind.
void write_media(json::Writer& json, const Part& part);

}  // namespace butter::dialect::gemini
