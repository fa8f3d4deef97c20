#pragma once

#include "dialect/conversation.h"
#include "dialect/fields.h"

namespace butter::dialect {

/// Reads `input`, where `fields` stands, into turns: a string, or a list of messages, function
/// calls, their outputs and reasoning items. What the assistant said in items that follow each
/// other becomes one turn; system and developer messages go to Conversation::system.
void read_responses_input(Fields& fields, Conversation& into);

}  // namespace butter::dialect
