#pragma once

#include <string_view>

#include "dialect/conversation.h"
#include "dialect/fields.h"

namespace butter::dialect {

/// Reads a function as chat and responses describe it: name, description, parameters, strict.
/// \param strict  the caller's name for that member: "tools[].strict"
[[nodiscard]] Tool read_function_tool(Fields& fields, Conversation& into, std::string_view strict);

}  // namespace butter::dialect
