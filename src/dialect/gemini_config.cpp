#include "dialect/gemini_config.h"

#include "dialect/gemini_model.h"

namespace butter::dialect::gemini {

namespace {

using Effort = Reasoning::Effort;

/// \source https://ai.google.dev/gemini-api/docs/openai#thinking: what Google itself makes of
/// OpenAI's efforts
std::string_view level_of(Effort effort, bool always_thinks) {
  switch (effort) {
    case Effort::none:
    case Effort::minimal: return always_thinks ? "LOW" : "MINIMAL";
    case Effort::low: return "LOW";
    case Effort::medium: return "MEDIUM";
    case Effort::high:
    case Effort::most: return "HIGH";
    case Effort::unset: break;
  }
  return {};
}

std::uint64_t budget_of(Effort effort, bool always_thinks) {
  constexpr std::uint64_t kLeast = 128;  // of models that always think
  constexpr std::uint64_t kLow = 1024;
  constexpr std::uint64_t kMedium = 8192;
  constexpr std::uint64_t kHigh = 24576;
  switch (effort) {
    case Effort::unset:
    case Effort::none: return always_thinks ? kLeast : 0;
    case Effort::minimal:
    case Effort::low: return kLow;
    case Effort::medium: return kMedium;
    case Effort::high:
    case Effort::most: return kHigh;
  }
  __builtin_unreachable();
}

class ConfigWriter {
 public:
  explicit ConfigWriter(json::Writer& json) : json_(json) {}

  void sampling(const Conversation& asked) {
    raw("temperature", asked.temperature);
    raw("topP", asked.top_p);
    raw("topK", asked.top_k);
    if (asked.max_tokens) { number("maxOutputTokens", *asked.max_tokens); }
    if (!asked.stop.empty()) {
      member("stopSequences").begin_array();
      for (const Text stop : asked.stop) { json_.escaped(stop.escaped); }
      json_.end_array();
    }
    if (asked.choices > 1) { number("candidateCount", asked.choices); }
    raw("seed", asked.seed);
    raw("presencePenalty", asked.presence_penalty);
    raw("frequencyPenalty", asked.frequency_penalty);
    if (asked.logprobs.value_or(false)) {
      member("responseLogprobs").boolean(true);
      raw("logprobs", asked.top_logprobs);
    }
  }

  void format(const ResponseFormat& format) {
    if (format.kind == ResponseFormat::Kind::text) { return; }
    member("responseMimeType").string("application/json");
    if (format.kind == ResponseFormat::Kind::json_schema) {
      raw("responseJsonSchema", format.schema);
    }
  }

  void thinking(const Reasoning& reasoning, Generation generation) {
    const bool any = reasoning.effort != Effort::unset || reasoning.budget;
    if (!any && reasoning.summary.empty()) { return; }
    // Models that always think refuse a budget of nothing.
    const bool off = reasoning.budget ? *reasoning.budget == 0 : reasoning.effort == Effort::none;
    const Effort effort = off ? Effort::none : reasoning.effort;
    member("thinkingConfig").begin_object();
    if (reasoning.budget && !off) {
      json_.key("thinkingBudget").number(static_cast<std::int64_t>(*reasoning.budget));
    } else if (any && generation.thinking_levels) {
      json_.key("thinkingLevel").string(level_of(effort, generation.always_thinks));
    } else if (any) {
      const std::uint64_t budget = budget_of(effort, generation.always_thinks);
      json_.key("thinkingBudget").number(static_cast<std::int64_t>(budget));
    }
    if (!off) { json_.key("includeThoughts").boolean(true); }
    json_.end_object();
  }

  void end() {
    if (open_) { json_.end_object(); }
  }

 private:
  json::Writer& member(std::string_view name) {
    if (!open_) { json_.key("generationConfig").begin_object(); }
    open_ = true;
    return json_.key(name);
  }
  void raw(std::string_view name, Raw value) {
    if (!value.empty()) { member(name).raw(value.json); }
  }
  void number(std::string_view name, std::uint64_t value) {
    member(name).number(static_cast<std::int64_t>(value));
  }

  json::Writer& json_;
  bool open_ = false;
};

}  // namespace

void write_config(const Conversation& conversation, std::string_view model, json::Writer& json) {
  ConfigWriter config(json);
  config.sampling(conversation);
  config.format(conversation.format);
  config.thinking(conversation.reasoning, generation_of(model));
  config.end();
}

}  // namespace butter::dialect::gemini
