#pragma once

#include <string_view>

#include "base/buffer.h"
#include "dialect/answer.h"
#include "json/cursor.h"

namespace butter::dialect {

/// The body of an error answer: {"type":"error","error":{"type","message"}}, what Bedrock
/// ({"message"}) and Vertex ({"error":{"status","message"}}) say instead, or any text.
/// \source https://docs.anthropic.com/en/api/errors
[[nodiscard]] AnswerError read_messages_error(int status, std::string_view body);

/// An `error` event of a stream: its status is what it would have been as an answer.
[[nodiscard]] AnswerError read_messages_stream_error(std::string_view data);

/// CallerDialect::write_error of messages: {"type":"error","error":{...},"request_id"}.
void write_messages_error(const AnswerError& error, std::string_view request_id, Buffer& out);

}  // namespace butter::dialect
