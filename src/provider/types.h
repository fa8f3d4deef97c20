#pragma once

#include <memory>
#include <string>

#include "provider/provider.h"

namespace butter::provider {

// One maker for each type, each in the file of its name; registry.cpp has the list.

/// OpenAI and all that speak its dialect: OpenRouter, Groq, Mistral, Together, Fireworks,
/// Perplexity, vLLM, Ollama. They differ by their base_url only.
/// \source https://platform.openai.com/docs/api-reference/authentication
[[nodiscard]] std::unique_ptr<Provider> make_openai(const config::Provider& config, BaseUrl url);

/// OpenAI's dialect below a deployment's path, with a key header and a version in the query.
/// \source https://learn.microsoft.com/azure/ai-services/openai/reference
[[nodiscard]] std::unique_ptr<Provider> make_azure_openai(const config::Provider& config,
                                                          BaseUrl url);

/// \source https://docs.anthropic.com/en/api/overview
[[nodiscard]] std::unique_ptr<Provider> make_anthropic(const config::Provider& config, BaseUrl url);

/// Its own dialect only, by /native/. \source https://ai.google.dev/gemini-api/docs/api-key
[[nodiscard]] std::unique_ptr<Provider> make_gemini(const config::Provider& config, BaseUrl url);

/// Gemini and Anthropic's models on Google Cloud.
/// \source https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference
[[nodiscard]] std::unique_ptr<Provider> make_vertex(const config::Provider& config, BaseUrl url);
/// The base URL of the configured location.
[[nodiscard]] std::string vertex_url(const config::Provider& config);

/// Anthropic's models by InvokeModel, in their own dialect; all others by Converse. Requests carry
/// a signature over all their bytes.
/// \source https://docs.aws.amazon.com/bedrock/latest/APIReference
[[nodiscard]] std::unique_ptr<Provider> make_bedrock(const config::Provider& config, BaseUrl url);
/// The base URL of the configured region; "" without one.
[[nodiscard]] std::string bedrock_url(const config::Provider& config);

/// Answers by itself (provider/mock.h); nothing is ever sent.
[[nodiscard]] std::unique_ptr<Provider> make_mock(const config::Provider& config, BaseUrl url);

}  // namespace butter::provider
