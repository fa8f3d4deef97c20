#pragma once

#include "dialect/answer.h"
#include "json/cursor.h"
#include "json/writer.h"

namespace butter::dialect {

/// The value of `usage`.
[[nodiscard]] Usage read_chat_usage(json::Cursor& at);
void write_chat_usage(const Usage& usage, json::Writer& writer);

}  // namespace butter::dialect
