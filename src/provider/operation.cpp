#include "provider/operation.h"

#include <array>
#include <utility>

namespace butter::provider {

namespace {

constexpr std::array<std::pair<std::string_view, Operation>, 6> kPaths{{
    {"/chat/completions", Operation::chat},
    {"/completions", Operation::completions},
    {"/responses", Operation::responses},
    {"/messages", Operation::messages},
    {"/messages/count_tokens", Operation::count_tokens},
    {"/embeddings", Operation::embeddings},
}};

}  // namespace

Operation operation_of(std::string_view path) noexcept {
  for (const auto& [known, operation] : kPaths) {
    if (path == known) { return operation; }
  }
  return Operation::other;
}

std::string_view to_string(Operation operation) noexcept {
  switch (operation) {
    case Operation::chat: return "chat";
    case Operation::completions: return "completions";
    case Operation::responses: return "responses";
    case Operation::messages: return "messages";
    case Operation::count_tokens: return "count_tokens";
    case Operation::embeddings: return "embeddings";
    case Operation::other: return "other";
  }
  return "other";
}

}  // namespace butter::provider
