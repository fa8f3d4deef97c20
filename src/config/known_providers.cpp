#include "config/known_providers.h"

#include <algorithm>

namespace butter::config {

namespace {

constexpr KnownProvider kKnown[] = {
    {"openai", ProviderType::openai, "https://api.openai.com/v1", "OPENAI_API_KEY"},
    {"anthropic", ProviderType::anthropic, "https://api.anthropic.com/v1", "ANTHROPIC_API_KEY"},
    {"gemini", ProviderType::gemini, "https://generativelanguage.googleapis.com", "GEMINI_API_KEY"},
    {"openrouter", ProviderType::openai, "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"},
    {"groq", ProviderType::openai, "https://api.groq.com/openai/v1", "GROQ_API_KEY"},
    {"mistral", ProviderType::openai, "https://api.mistral.ai/v1", "MISTRAL_API_KEY"},
    {"together", ProviderType::openai, "https://api.together.xyz/v1", "TOGETHER_API_KEY"},
    {"fireworks", ProviderType::openai, "https://api.fireworks.ai/inference/v1",
     "FIREWORKS_API_KEY"},
    {"perplexity", ProviderType::openai, "https://api.perplexity.ai", "PERPLEXITY_API_KEY"},
    {"deepseek", ProviderType::openai, "https://api.deepseek.com", "DEEPSEEK_API_KEY"},
    {"xai", ProviderType::openai, "https://api.x.ai/v1", "XAI_API_KEY"},
    {"cohere", ProviderType::openai, "https://api.cohere.ai/compatibility/v1", "COHERE_API_KEY"},
    {"ollama", ProviderType::openai, "http://localhost:11434/v1", ""},
    {"vllm", ProviderType::openai, "http://localhost:8000/v1", ""},
    {"vertex", ProviderType::vertex, "", ""},
    {"bedrock", ProviderType::bedrock, "", ""},
    {"mock", ProviderType::mock, "", ""},
};

}  // namespace

std::span<const KnownProvider> known_providers() {
  return kKnown;
}

std::optional<KnownProvider> find_known_provider(std::string_view name) {
  constexpr std::string_view kAzure = "azureopenai";
  if (name.starts_with(kAzure)) {
    return KnownProvider{kAzure, ProviderType::azure_openai, "", ""};
  }
  const auto* const found = std::ranges::find(kKnown, name, &KnownProvider::name);
  if (found == std::ranges::end(kKnown)) { return std::nullopt; }
  return *found;
}

std::optional<std::string_view> usual_base_url(ProviderType type) {
  switch (type) {
    case ProviderType::openai:
    case ProviderType::azure_openai: return std::nullopt;
    case ProviderType::anthropic:
    case ProviderType::gemini:
    case ProviderType::vertex:
    case ProviderType::bedrock:
    case ProviderType::mock: break;
  }
  return std::ranges::find(kKnown, type, &KnownProvider::type)->base_url;
}

}  // namespace butter::config
