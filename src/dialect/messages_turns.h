#pragma once

#include "base/result.h"
#include "dialect/conversation.h"
#include "json/writer.h"

namespace butter::dialect {

/// Writes `messages`: consecutive turns of one side joined, so that roles alternate, and a user's
/// tool results before all else that the user says. Empty texts are left out, and so are turns that
/// have nothing else, and thinking without its signature: the API takes none of them.
/// \errors bad_request: a sound; a file that is neither a PDF nor plain text
[[nodiscard]] Result<void> write_messages_turns(const Conversation& asked, json::Writer& writer);

/// Writes `system`: one string, its parts on lines of their own, or blocks when one is marked for
/// the cache. Nothing when nothing is said. \param also  a line that is added; "" = none
void write_messages_system(const Conversation& asked, std::string_view also, json::Writer& writer);

}  // namespace butter::dialect
