#pragma once

#include "dialect/conversation.h"
#include "json/writer.h"

namespace butter::dialect {

/// Writes the messages of a chat request: the system's parts as one system message each, a turn as
/// one message or, when it holds tool results, as one for each result and one for the rest. Images
/// of tool results follow in a user's message: a tool's message holds text only.
/// \param thinking  write thinking of earlier turns, as read_chat_messages reads it
void write_chat_messages(const Conversation& conversation, bool thinking, json::Writer& writer);

}  // namespace butter::dialect
