#pragma once

#include <string_view>

#include "dialect/conversation.h"
#include "dialect/fields.h"
#include "json/writer.h"

namespace butter::dialect {

/// Reads the top-level field `key`, where `fields` stands, if it is one of those that say how the
/// model is to answer. \return false, with nothing read, if it is none
bool read_responses_config(std::string_view key, Fields& fields, Conversation& into);

/// Writes them again, as members of a response object.
void write_responses_config(const Conversation& asked, json::Writer& writer);

}  // namespace butter::dialect
