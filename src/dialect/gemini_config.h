#pragma once

#include <string_view>

#include "dialect/conversation.h"
#include "json/writer.h"

namespace butter::dialect::gemini {

/// Writes the member `generationConfig`, when there is something to say.
void write_config(const Conversation& conversation, std::string_view model, json::Writer& json);

}  // namespace butter::dialect::gemini
