#pragma once

#include <string_view>

#include "dialect/answer.h"
#include "json/cursor.h"

namespace butter::dialect {

/// The body of an error answer of OpenAI or a compatible vendor: {"error": {message, type, code}},
/// {"error": "text"}, {"message": ...}, {"detail": ...}, a list with one of these, or any text.
[[nodiscard]] AnswerError read_chat_error(int status, std::string_view body);

/// The value of `error` in a stream, its `code` being a status at some vendors.
[[nodiscard]] AnswerError read_chat_stream_error(json::Cursor& at);

}  // namespace butter::dialect
