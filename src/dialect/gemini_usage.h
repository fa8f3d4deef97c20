#pragma once

#include "dialect/answer.h"
#include "json/cursor.h"

namespace butter::dialect::gemini {

/// Reads `usageMetadata`. Google counts thoughts beside the answer and what its own tools read
/// beside the prompt; both are part of what is billed and of Usage.
[[nodiscard]] Usage read_usage(json::Cursor& at);

}  // namespace butter::dialect::gemini
