#pragma once

#include <string_view>

#include "base/result.h"
#include "dialect/conversation.h"

namespace butter::dialect {

/// Reads a request of the responses API. What needs state that OpenAI keeps (previous_response_id,
/// conversation, prompt, background) is used as a feature that no other dialect can say; `store`
/// asks for nothing, since the caller keeps the state.
/// \errors bad_request with the field's path
[[nodiscard]] Result<void> read_responses_request(std::string_view body, Conversation& into);

}  // namespace butter::dialect
