#pragma once

#include <cstdint>
#include <string_view>

namespace butter::provider {

/// What a request asks for, by its path below /v1.
enum class Operation : std::uint8_t {
  chat,          ///< /chat/completions
  completions,   ///< /completions
  responses,     ///< /responses
  messages,      ///< /messages (Anthropic)
  count_tokens,  ///< /messages/count_tokens (Anthropic)
  embeddings,    ///< /embeddings
  other,         ///< any other path: relayed
};

/// \param path  below /v1, with its leading slash: "/chat/completions"
[[nodiscard]] Operation operation_of(std::string_view path) noexcept;
[[nodiscard]] std::string_view to_string(Operation operation) noexcept;
/// Whether an upstream of OpenAI's dialect knows the operation: all but Anthropic's.
[[nodiscard]] constexpr bool is_openai(Operation operation) noexcept {
  return operation != Operation::messages && operation != Operation::count_tokens;
}

}  // namespace butter::provider
