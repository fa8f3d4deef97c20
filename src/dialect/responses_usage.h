#pragma once

#include "dialect/answer.h"
#include "json/cursor.h"
#include "json/writer.h"

namespace butter::dialect {

/// The value of `usage` in a response.
[[nodiscard]] Usage read_responses_usage(json::Cursor& at);
void write_responses_usage(const Usage& usage, json::Writer& writer);

}  // namespace butter::dialect
