#pragma once

#include <string_view>

#include "dialect/answer.h"

namespace butter::dialect {

/// What a Bedrock error means: the body of an error answer.
/// \param status  of the answer; 0 for an exception inside a stream
/// \param type    "ThrottlingException" in any case; "" where only the status tells
/// \param body    {"message":"..."} or anything
[[nodiscard]] AnswerError converse_error(int status, std::string_view type, std::string_view body);

}  // namespace butter::dialect
