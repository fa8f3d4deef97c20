#pragma once

#include <string_view>

#include "base/result.h"
#include "dialect/conversation.h"

namespace butter::dialect {

/// CallerDialect::read_request of chat. Keys match as the gateway's scanner matches them: after
/// their escapes are decoded, and without regard to case where the exact one is absent.
Result<void> read_chat_request(std::string_view body, Conversation& into);

}  // namespace butter::dialect
