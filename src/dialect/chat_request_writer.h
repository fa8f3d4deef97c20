#pragma once

#include "dialect/codec.h"

namespace butter::dialect {

/// ProviderDialect::write_request of chat. Usage is always asked for in a stream. Thinking of
/// earlier turns goes to compatible vendors only: OpenAI itself refuses the fields.
Result<void> write_chat_request(const Conversation& conversation, const Target& target,
                                Buffer& out);

}  // namespace butter::dialect
