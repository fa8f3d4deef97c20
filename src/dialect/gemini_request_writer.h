#pragma once

#include "base/buffer.h"
#include "base/result.h"
#include "dialect/codec.h"

namespace butter::dialect::gemini {

/// ProviderDialect::write_request. Model and streaming stand in the path, not in the body.
[[nodiscard]] Result<void> write_request(const Conversation& conversation, const Target& target,
                                         Buffer& out);

}  // namespace butter::dialect::gemini
