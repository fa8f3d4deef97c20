#include "dialect/converse_fields.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "dialect/effort.h"
#include "json/cursor.h"

namespace butter::dialect {

namespace {

enum class Family : std::uint8_t { anthropic, nova, openai, other };

Family family_of(std::string_view model) {
  if (model.contains("anthropic.")) { return Family::anthropic; }
  if (model.contains("amazon.nova")) { return Family::nova; }
  return model.contains("openai.") ? Family::openai : Family::other;
}

void write_inference(const Conversation& conversation, json::Writer& writer) {
  const bool any = conversation.max_tokens || !conversation.temperature.empty() ||
                   !conversation.top_p.empty() || !conversation.stop.empty();
  if (!any) { return; }
  writer.key("inferenceConfig").begin_object();
  if (conversation.max_tokens) {
    writer.key("maxTokens").number(static_cast<std::int64_t>(*conversation.max_tokens));
  }
  if (!conversation.temperature.empty()) {
    writer.key("temperature").raw(conversation.temperature.json);
  }
  if (!conversation.top_p.empty()) { writer.key("topP").raw(conversation.top_p.json); }
  if (!conversation.stop.empty()) {
    writer.key("stopSequences").begin_array();
    for (const Text stop : conversation.stop) { writer.escaped(stop.escaped); }
    writer.end_array();
  }
  writer.end_object();
}

/// "" when the model shall not think, or as it likes.
std::string_view effort_of(const Reasoning& reasoning) {
  using Effort = Reasoning::Effort;
  switch (asked_effort(reasoning)) {
    case Effort::unset:
    case Effort::none: return "";
    case Effort::minimal:
    case Effort::low: return "low";
    case Effort::medium: return "medium";
    case Effort::high:
    case Effort::most: return "high";
  }
  __builtin_unreachable();
}

/// Tokens; nullopt when the model shall not think. At least 1024, and below max_tokens.
/// \source https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking
std::optional<std::uint64_t> budget_of(const Conversation& conversation) {
  constexpr std::uint64_t kLeast = 1024;
  const Reasoning& reasoning = conversation.reasoning;
  std::uint64_t budget = reasoning.budget.value_or(tokens_of(reasoning.effort));
  if (budget == 0) { return std::nullopt; }
  budget = std::max(budget, kLeast);
  if (conversation.max_tokens) {
    if (*conversation.max_tokens <= kLeast) { return std::nullopt; }
    budget = std::min(budget, *conversation.max_tokens - 1);
  }
  return budget;
}

void write_reasoning(const Conversation& conversation, Family family, json::Writer& writer) {
  const std::string_view effort = effort_of(conversation.reasoning);
  if (family == Family::anthropic) {
    if (const auto budget = budget_of(conversation)) {
      writer.key("thinking").begin_object().key("type").string("enabled").key("budget_tokens");
      writer.number(static_cast<std::int64_t>(*budget)).end_object();
    }
  } else if (family == Family::nova && !effort.empty()) {
    writer.key("reasoningConfig").begin_object().key("type").string("enabled");
    writer.key("maxReasoningEffort").string(effort).end_object();
  } else if (family == Family::openai && !effort.empty()) {
    writer.key("reasoning_effort").string(effort);
  }
}

void write_additional(const Conversation& conversation, Family family, json::Writer& writer) {
  const bool thinks = family == Family::anthropic
                          ? budget_of(conversation).has_value()
                          : family != Family::other && !effort_of(conversation.reasoning).empty();
  if (!thinks && conversation.top_k.empty()) { return; }
  writer.key("additionalModelRequestFields").begin_object();
  if (!conversation.top_k.empty()) {
    if (family == Family::nova) {
      writer.key("inferenceConfig").begin_object();
      writer.key("topK").raw(conversation.top_k.json).end_object();
    } else {
      writer.key("top_k").raw(conversation.top_k.json);
    }
  }
  write_reasoning(conversation, family, writer);
  writer.end_object();
}

void write_output(const Conversation& conversation, Family family, json::Writer& writer) {
  const ResponseFormat& format = conversation.format;
  const bool schema = format.kind == ResponseFormat::Kind::json_schema;
  const std::string_view effort =
      family == Family::other ? effort_of(conversation.reasoning) : std::string_view{};
  if (!schema && effort.empty()) { return; }
  writer.key("outputConfig").begin_object();
  if (schema) {
    writer.key("textFormat").begin_object().key("type").string("json_schema");
    writer.key("structure").begin_object().key("jsonSchema").begin_object();
    writer.key("schema").string(format.schema.empty() ? "{}" : format.schema.json);
    if (!format.name.empty()) { writer.key("name").escaped(format.name.escaped); }
    if (!format.description.empty()) {
      writer.key("description").escaped(format.description.escaped);
    }
    writer.end_object().end_object().end_object();
  }
  if (!effort.empty()) { writer.key("effort").string(effort); }
  writer.end_object();
}

}  // namespace

void write_converse_fields(const Conversation& conversation, std::string_view model,
                           json::Writer& writer) {
  const Family family = family_of(model);
  write_inference(conversation, writer);
  write_additional(conversation, family, writer);
  write_output(conversation, family, writer);
  json::Cursor metadata(conversation.metadata.json);
  if (metadata.peek() == '{' && !metadata.skip_empty()) {
    writer.key("requestMetadata").raw(conversation.metadata.json);
  }
  const std::string_view tier = json::Cursor(conversation.service_tier.json).string();
  if (!tier.empty() && tier != "auto") {
    writer.key("serviceTier").begin_object().key("type").escaped(tier).end_object();
  }
}

}  // namespace butter::dialect
