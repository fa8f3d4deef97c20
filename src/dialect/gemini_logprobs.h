#pragma once

#include "base/buffer.h"
#include "json/cursor.h"

namespace butter::dialect::gemini {

/// Reads `logprobsResult` and appends what chat calls `logprobs`: {"content":[{"token","logprob",
/// "bytes","top_logprobs"}],"refusal":null}.
void append_logprobs(json::Cursor& at, Buffer& out);

}  // namespace butter::dialect::gemini
