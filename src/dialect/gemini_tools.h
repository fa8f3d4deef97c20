#pragma once

#include "base/result.h"
#include "dialect/conversation.h"
#include "json/writer.h"

namespace butter::dialect::gemini {

/// Writes the members `tools` and `toolConfig`, as far as there is something to say.
///
/// A function's parameters go as `parametersJsonSchema`, which takes JSON schema as it is; the
/// older `parameters` knows a part of OpenAPI's schema only and would refuse the rest.
/// \errors bad_request: a tool that the provider would have to run and that Google does not have
[[nodiscard]] Result<void> write_tools(const Conversation& conversation, json::Writer& json);

}  // namespace butter::dialect::gemini
