#pragma once

#include <string_view>

#include "dialect/answer.h"

namespace butter::dialect::gemini {

/// Reads Google's error: {"error":{"code","message","status","details"}}, also inside of an array,
/// as streams that are no server-sent events have it. Whatever the body holds, an error comes out.
///
/// A key that is not valid, which Google answers with 400, is an authentication error with 401.
/// \param status  of HTTP; 0 in a stream, where the body's own code counts
/// \source https://cloud.google.com/apis/design/errors
[[nodiscard]] AnswerError read_error(int status, std::string_view text);

}  // namespace butter::dialect::gemini
