#pragma once

#include <string>

#include "dialect/conversation.h"

namespace butter::property {

/// What a request means, a line a thing. Where turns of one side end and how system messages are
/// divided is not in it: dialects that cannot tell join them.
[[nodiscard]] std::string described(const dialect::Conversation& conversation);

}  // namespace butter::property
