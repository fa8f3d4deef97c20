#pragma once

#include "base/result.h"
#include "dialect/conversation.h"
#include "json/writer.h"

namespace butter::dialect {

/// The member `toolConfig`, where the conversation has tools or uses some.
/// \errors bad_request: tools were used, and the caller wants none: Converse can say that only by
///         leaving them out, and refuses used tools that are not described
/// \source
/// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolConfiguration.html
[[nodiscard]] Result<void> write_converse_tools(const Conversation& conversation,
                                                json::Writer& writer);

}  // namespace butter::dialect
