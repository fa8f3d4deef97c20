#pragma once

#include "dialect/conversation.h"
#include "dialect/fields.h"

namespace butter::dialect {

/// `tools`: functions; tools of other types are kept as the provider's.
void read_chat_tools(Fields& fields, Conversation& into);
/// `functions`, which `tools` replaced.
void read_chat_functions(Fields& fields, Conversation& into);
/// `tool_choice`, or `function_call`, which it replaced.
void read_chat_tool_choice(Fields& fields, Conversation& into);
/// `response_format`
void read_chat_format(Fields& fields, Conversation& into);

}  // namespace butter::dialect
