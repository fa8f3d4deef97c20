#pragma once

#include <string_view>

#include "base/buffer.h"
#include "dialect/answer.h"

namespace butter::dialect {

/// Writes an error as OpenAI's SDKs read it: {"error":{"message","type","param","code"}}.
/// \source https://platform.openai.com/docs/guides/error-codes
void write_openai_error(const AnswerError& error, std::string_view request_id, Buffer& out);

}  // namespace butter::dialect
