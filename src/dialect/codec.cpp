#include "dialect/codec.h"

#include "dialect/dialects.h"

namespace butter::dialect {

std::string_view to_string(Dialect dialect) noexcept {
  switch (dialect) {
    case Dialect::chat: return "chat";
    case Dialect::responses: return "responses";
    case Dialect::messages: return "messages";
    case Dialect::gemini: return "gemini";
    case Dialect::converse: return "converse";
  }
  __builtin_unreachable();
}

const CallerDialect* caller_dialect(Dialect dialect) noexcept {
  switch (dialect) {
    case Dialect::chat: return &kChatCaller;
    case Dialect::responses: return &kResponsesCaller;
    case Dialect::messages: return &kMessagesCaller;
    case Dialect::gemini:
    case Dialect::converse: return nullptr;
  }
  __builtin_unreachable();
}

const ProviderDialect* provider_dialect(Dialect dialect) noexcept {
  switch (dialect) {
    case Dialect::chat: return &kChatProvider;
    case Dialect::messages: return &kMessagesProvider;
    case Dialect::responses: return nullptr;
    case Dialect::gemini: return &kGeminiProvider;
    case Dialect::converse: return &kConverseProvider;
  }
  __builtin_unreachable();
}

}  // namespace butter::dialect
