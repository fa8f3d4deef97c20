#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace butter::provider {

/// Bedrock's id of a model: what the operator's map says; an id, an inference profile
/// ("us.anthropic.claude-...") or an ARN as it is; a model of Anthropic's by its own name
/// ("claude-opus-4-20250514") as "anthropic.claude-opus-4-20250514-v1:0" or what the built-in list
/// has for it.
/// \source https://docs.aws.amazon.com/bedrock/latest/userguide/models-supported.html
[[nodiscard]] std::string bedrock_model_id(
    std::string_view name, const std::map<std::string, std::string, std::less<>>& model_map);

/// Whether the id is one of Anthropic's models. An application inference profile does not say.
[[nodiscard]] bool is_anthropic_id(std::string_view id) noexcept;

}  // namespace butter::provider
