#pragma once

#include <string_view>

#include "base/result.h"
#include "dialect/conversation.h"

namespace butter::dialect {

/// CallerDialect::read_request of messages, and of its count_tokens, which has no max_tokens: that
/// is why it may be absent. A user's tool results become turns of their own, before what else the
/// user says.
[[nodiscard]] Result<void> read_messages_request(std::string_view body, Conversation& into);

}  // namespace butter::dialect
