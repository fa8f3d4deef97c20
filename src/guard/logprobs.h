#pragma once

#include <string_view>

#include "guard/edits.h"

namespace butter::guard {

/// Empties what an answer tells of the tokens of its text, which are the text once more: OpenAI's
/// `logprobs`, Gemini's `logprobsResult`. \param begin  where the text of `edits` begins
void drop_logprobs(std::string_view json, const char* begin, Edits& edits);

}  // namespace butter::guard
