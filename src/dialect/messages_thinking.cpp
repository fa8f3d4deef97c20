#include "dialect/messages_thinking.h"

#include <algorithm>
#include <charconv>

#include "dialect/effort.h"
#include "dialect/google_signature.h"

namespace butter::dialect {

namespace {

using Effort = Reasoning::Effort;
using Kind = Thinking::Kind;

constexpr std::uint64_t kLeastBudget = 1024;

/// output_config.effort
std::string_view word_of(Effort effort) {
  switch (effort) {
    case Effort::unset:
    case Effort::none: break;
    case Effort::minimal:
    case Effort::low: return "low";
    case Effort::medium: return "medium";
    case Effort::high: return "high";
    case Effort::most: return "max";
  }
  return {};
}

bool has_thought(const Turn& turn) {
  return std::ranges::any_of(turn.parts, [](const Part& part) {
    return part.kind == Part::Kind::redacted_thinking ||
           (part.kind == Part::Kind::thinking && !signature_of_others(part.signature).empty());
  });
}

bool has(const Turn& turn, Part::Kind kind) {
  return std::ranges::find(turn.parts, kind, &Part::kind) != turn.parts.end();
}

/// The answer goes on from tool calls that were made without thinking, which the API does not take.
bool loop_without_thought(const Conversation& asked) {
  const auto last =
      std::ranges::find(asked.turns.rbegin(), asked.turns.rend(), Role::assistant, &Turn::role);
  if (last == asked.turns.rend() || !has(*last, Part::Kind::tool_call) || has_thought(*last)) {
    return false;
  }
  return std::any_of(asked.turns.rbegin(), last,
                     [](const Turn& turn) { return has(turn, Part::Kind::tool_result); });
}

/// "4-5", "4.5", "3-7", "5" behind a dash: major * 10 + minor; 0 when there is none. Dates are
/// none.
unsigned version_of(std::string_view model) {
  const auto number_at = [&](std::size_t at) {
    unsigned number = 0;
    const char* const begin = model.data() + at;
    const auto [end, error] = std::from_chars(begin, model.data() + model.size(), number);
    return error == std::errc{} && end - begin <= 2 ? std::pair{number, end - begin}
                                                    : std::pair{0U, std::ptrdiff_t{0}};
  };
  const std::size_t claude = model.find("claude");
  for (std::size_t dash = model.find('-', claude); dash < model.size();
       dash = model.find('-', dash + 1)) {
    const auto [major, length] = number_at(dash + 1);
    if (length == 0) { continue; }
    const std::size_t behind = dash + 1 + static_cast<std::size_t>(length);
    const bool more = behind < model.size() && (model[behind] == '-' || model[behind] == '.');
    return major * 10 + (more ? std::min(number_at(behind + 1).first, 9U) : 0);
  }
  return 0;
}

constexpr unsigned kLastWithBudgetOnly = 45;
constexpr unsigned kLastWithBudget = 46;

/// Models that always think.
bool must_think(std::string_view model) {
  return model.find("fable") != std::string_view::npos ||
         model.find("mythos") != std::string_view::npos;
}

}  // namespace

bool wants_thinking(const Conversation& asked) {
  const Reasoning& reasoning = asked.reasoning;
  if (!reasoning.thinking.empty()) {
    return reasoning.thinking.json.find("\"disabled\"") == std::string_view::npos;
  }
  // A messages caller's effort alone does not ask for thinking.
  if (!reasoning.word.empty() || reasoning.effort == Effort::none) { return false; }
  const bool asks = reasoning.effort != Effort::unset || reasoning.budget.value_or(0) > 0;
  return asks && !cannot_think(asked);
}

bool cannot_think(const Conversation& asked) {
  // To its own callers the API says itself what it refuses.
  if (!asked.reasoning.thinking.empty() || !asked.reasoning.word.empty()) { return false; }
  const ToolChoice::Kind choice = asked.tool_choice.kind;
  const bool forced = choice == ToolChoice::Kind::any || choice == ToolChoice::Kind::named;
  const bool prefilled = !asked.turns.empty() && asked.turns.back().role == Role::assistant;
  return (forced && !asked.tools.empty()) || prefilled || loop_without_thought(asked) ||
         asked.max_tokens.value_or(kDefaultMaxTokens) <= kLeastBudget;
}

Thinking thinking_for(const Conversation& asked, std::string_view model) {
  const Reasoning& reasoning = asked.reasoning;
  Thinking thinking{.effort = reasoning.word.escaped};
  if (!reasoning.thinking.empty()) {
    thinking.kind = Kind::as_told;
    thinking.budget = reasoning.budget.value_or(0);
    return thinking;
  }
  if (!wants_thinking(asked)) {
    const bool off = reasoning.effort == Effort::none || reasoning.budget == std::uint64_t{0};
    thinking.kind = off && !must_think(model) ? Kind::disabled : Kind::unset;
    return thinking;
  }
  const unsigned version = version_of(model);
  thinking.budget = std::max(reasoning.budget.value_or(tokens_of(reasoning.effort)), kLeastBudget);
  const bool old = version != 0 && version <= kLastWithBudgetOnly;
  const bool either = version == kLastWithBudget && reasoning.budget.has_value();
  if (old || either) {
    thinking.kind = Kind::budget;
    if (asked.max_tokens) {
      const std::uint64_t room = std::max(kLeastBudget, *asked.max_tokens - *asked.max_tokens / 4);
      thinking.budget = std::min(thinking.budget, room);
    }
  } else {
    thinking.kind = Kind::adaptive;
    thinking.effort = word_of(asked_effort(reasoning));
  }
  return thinking;
}

std::uint64_t max_tokens_for(const Conversation& asked, const Thinking& thinking) {
  return asked.max_tokens.value_or(kDefaultMaxTokens + thinking.budget);
}

}  // namespace butter::dialect
