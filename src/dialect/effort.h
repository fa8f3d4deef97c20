#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "dialect/conversation.h"

namespace butter::dialect {

// What the words for thinking and a number of tokens stand for, where one side knows only one of
// them:
//
// | effort  | tokens |
// |---------|--------|
// | minimal | 1024   |
// | low     | 2048   |
// | medium  | 8192   |
// | high    | 16384  |
// | most    | 32768  |

/// \return 0 for `unset` and `none`
[[nodiscard]] std::uint64_t tokens_of(Reasoning::Effort effort) noexcept;

/// The least effort that is worth so many tokens; `none` for 0.
[[nodiscard]] Reasoning::Effort effort_worth(std::uint64_t tokens) noexcept;

/// What was asked for in words, else what the budget is worth; `unset` where nothing was.
[[nodiscard]] Reasoning::Effort asked_effort(const Reasoning& reasoning) noexcept;

/// OpenAI's and Anthropic's words: "none", "minimal", "low", "medium", "high", "xhigh", "max".
[[nodiscard]] std::optional<Reasoning::Effort> effort_named(std::string_view word) noexcept;

/// The word for it, of several OpenAI's; "" for `unset`.
[[nodiscard]] std::string_view effort_word(Reasoning::Effort effort) noexcept;

}  // namespace butter::dialect
