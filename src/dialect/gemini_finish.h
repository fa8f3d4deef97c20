#pragma once

#include <string_view>

#include "dialect/answer.h"

namespace butter::dialect::gemini {

/// What a candidate's finishReason means. \param reason  as written: "MAX_TOKENS"
/// \param called  the candidate holds function calls, which Google ends with STOP
[[nodiscard]] Finish::Reason finish_of(std::string_view reason, bool called);

}  // namespace butter::dialect::gemini
