#pragma once

#include "dialect/conversation.h"
#include "dialect/fields.h"

namespace butter::dialect {

/// `tools`: those without a type or of type custom are the caller's; all others are kept as the
/// provider's.
void read_messages_tools(Fields& fields, Conversation& into);
/// `tool_choice`
void read_messages_tool_choice(Fields& fields, Conversation& into);

/// `thinking`
void read_messages_thinking(Fields& fields, Conversation& into);
/// `output_config`: effort and format
void read_messages_output(Fields& fields, Conversation& into);
/// `output_format`, as the API's beta had it
void read_messages_format(Fields& fields, Conversation& into);

}  // namespace butter::dialect
