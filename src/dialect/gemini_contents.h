#pragma once

#include <string_view>

#include "base/result.h"
#include "dialect/conversation.h"
#include "json/writer.h"

namespace butter::dialect::gemini {

/// Writes the array `contents`: roles user and model in turn, consecutive turns joined, so that
/// all results of parallel calls stand in one of them.
/// \errors bad_request: no turns; a tool result without its call
[[nodiscard]] Result<void> write_contents(const Conversation& conversation, std::string_view model,
                                          json::Writer& json);

/// Writes the member `systemInstruction`, when there is something to say.
void write_system(const std::vector<Part>& system, json::Writer& json);

}  // namespace butter::dialect::gemini
