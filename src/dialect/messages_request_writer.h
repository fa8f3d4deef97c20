#pragma once

#include "base/buffer.h"
#include "base/result.h"
#include "dialect/codec.h"

namespace butter::dialect {

/// ProviderDialect::write_request of messages.
[[nodiscard]] Result<void> write_messages_request(const Conversation& conversation,
                                                  const Target& target, Buffer& out);

/// ProviderDialect::lost of messages: sampling and a thought that do not go together, thinking
/// without its signature, stop sequences of white space, tools that Anthropic does not run, a tier
/// that it does not sell.
[[nodiscard]] FeatureSet lost_in_messages(const Conversation& asked);

}  // namespace butter::dialect
