#pragma once

#include "dialect/conversation.h"
#include "dialect/fields.h"
#include "json/writer.h"

namespace butter::dialect {

/// Reads `tools`, where `fields` stands: functions as such, any other tool as one that the provider
/// runs.
void read_responses_tools(Fields& fields, Conversation& into);

/// Reads `tool_choice`, where `fields` stands, when the tools have been read. Of `allowed_tools`
/// the tools that are not allowed are taken out of the conversation.
void read_responses_tool_choice(Fields& fields, Conversation& into);

/// Writes both again, as members of a response object.
void write_responses_tools(const Conversation& asked, json::Writer& writer);

}  // namespace butter::dialect
