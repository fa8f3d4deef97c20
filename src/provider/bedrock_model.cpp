#include "provider/bedrock_model.h"

#include <algorithm>
#include <utility>

namespace butter::provider {

namespace {

// Those whose ids do not follow from their names.
constexpr std::pair<std::string_view, std::string_view> kIds[] = {
    {"claude-2.0", "anthropic.claude-v2"},
    {"claude-2.1", "anthropic.claude-v2:1"},
    {"claude-instant-1.2", "anthropic.claude-instant-v1"},
    {"claude-3-5-sonnet-20241022", "anthropic.claude-3-5-sonnet-20241022-v2:0"},
    {"claude-3-5-sonnet-latest", "anthropic.claude-3-5-sonnet-20241022-v2:0"},
    {"claude-3-5-haiku-latest", "anthropic.claude-3-5-haiku-20241022-v1:0"},
    {"claude-3-7-sonnet-latest", "anthropic.claude-3-7-sonnet-20250219-v1:0"},
    {"claude-3-opus-latest", "anthropic.claude-3-opus-20240229-v1:0"},
    {"claude-opus-4-0", "anthropic.claude-opus-4-20250514-v1:0"},
    {"claude-sonnet-4-0", "anthropic.claude-sonnet-4-20250514-v1:0"},
    {"claude-opus-4-1", "anthropic.claude-opus-4-1-20250805-v1:0"},
    {"claude-sonnet-4-5", "anthropic.claude-sonnet-4-5-20250929-v1:0"},
    {"claude-haiku-4-5", "anthropic.claude-haiku-4-5-20251001-v1:0"},
    {"claude-opus-4-5", "anthropic.claude-opus-4-5-20251101-v1:0"},
    {"claude-opus-4-6", "anthropic.claude-opus-4-6-v1"},
    {"claude-sonnet-4-6", "anthropic.claude-sonnet-4-6"},
};

/// A vendor or a region in letters stands before the first point of an id ("meta.llama3-...",
/// "us-gov.anthropic..."); before that of a name there are digits ("gpt-4.1").
bool is_id(std::string_view name) noexcept {
  const std::size_t point = name.find('.');
  return name.starts_with("arn:") || (point != std::string_view::npos && point > 0 &&
                                      std::ranges::all_of(name.substr(0, point), [](char c) {
                                        return (c >= 'a' && c <= 'z') || c == '-';
                                      }));
}

}  // namespace

std::string bedrock_model_id(std::string_view name,
                             const std::map<std::string, std::string, std::less<>>& model_map) {
  if (const auto mapped = model_map.find(name); mapped != model_map.end()) {
    return mapped->second;
  }
  for (const auto& [known, id] : kIds) {
    if (known == name) { return std::string(id); }
  }
  if (is_id(name)) { return std::string(name); }
  return "anthropic." + std::string(name) + "-v1:0";
}

bool is_anthropic_id(std::string_view id) noexcept {
  return id.contains("anthropic.");
}

}  // namespace butter::provider
