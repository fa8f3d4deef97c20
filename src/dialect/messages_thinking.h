#pragma once

#include <cstdint>
#include <string_view>

#include "dialect/conversation.h"

namespace butter::dialect {

/// How a request asks Anthropic's models to think.
///
/// | effort  | budget_tokens | output_config.effort |
/// |---------|---------------|----------------------|
/// | minimal | 1024          | low                  |
/// | low     | 2048          | low                  |
/// | medium  | 8192          | medium               |
/// | high    | 16384         | high                 |
/// | most    | 32768         | max                  |
///
/// At most three quarters of max_tokens, so that an answer is left room. Models up to 4.5 know a
/// budget only, later ones decide themselves by effort; 4.6 knows both.
/// \source https://platform.claude.com/docs/en/build-with-claude/thinking-troubleshooting
struct Thinking {
  enum class Kind : std::uint8_t {
    unset,     ///< nothing is said: the model's default
    disabled,  ///< {"type":"disabled"}
    budget,    ///< {"type":"enabled","budget_tokens":...}
    adaptive,  ///< {"type":"adaptive"}
    as_told,   ///< Reasoning::thinking, as a messages caller wrote it
  };
  Kind kind = Kind::unset;
  std::uint64_t budget = 0;   ///< tokens; of `adaptive`: what the effort stands for
  std::string_view effort{};  ///< output_config.effort; "" = not said
};

inline constexpr std::uint64_t kDefaultMaxTokens = 4096;

/// \param model  the provider's name for the model: "claude-sonnet-4-5-20250929",
///               "anthropic.claude-opus-4-6-v1"
[[nodiscard]] Thinking thinking_for(const Conversation& asked, std::string_view model);

/// Whether thinking was asked for and cannot be had in this conversation, whatever the model is: a
/// forced tool, a prefilled answer, a tool call without its thinking, less than 1024 tokens to
/// think with.
[[nodiscard]] bool cannot_think(const Conversation& asked);

/// Whether the request makes the model think, as far as that does not hang on the model.
[[nodiscard]] bool wants_thinking(const Conversation& asked);

/// The caller's max_tokens, else room for the answer and for the thinking before it.
[[nodiscard]] std::uint64_t max_tokens_for(const Conversation& asked, const Thinking& thinking);

}  // namespace butter::dialect
