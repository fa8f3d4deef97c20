#include "dialect/effort.h"

#include <algorithm>
#include <iterator>

namespace butter::dialect {

namespace {

using Effort = Reasoning::Effort;

struct Level {
  std::string_view word;
  Effort effort;
  std::uint64_t tokens;
};

// Of two words for one effort the first is written.
constexpr Level kLevels[] = {
    {"none", Effort::none, 0},     {"minimal", Effort::minimal, 1024},
    {"low", Effort::low, 2048},    {"medium", Effort::medium, 8192},
    {"high", Effort::high, 16384}, {"xhigh", Effort::most, 32768},
    {"max", Effort::most, 32768},
};

const Level* level_of(Effort effort) noexcept {
  const auto* const level = std::ranges::find(kLevels, effort, &Level::effort);
  return level != std::end(kLevels) ? level : nullptr;
}

}  // namespace

std::uint64_t tokens_of(Effort effort) noexcept {
  const Level* const level = level_of(effort);
  return level != nullptr ? level->tokens : 0;
}

Effort effort_worth(std::uint64_t tokens) noexcept {
  const auto* const level = std::ranges::lower_bound(kLevels, tokens, {}, &Level::tokens);
  return level != std::end(kLevels) ? level->effort : Effort::most;
}

Effort asked_effort(const Reasoning& reasoning) noexcept {
  if (reasoning.effort != Effort::unset || !reasoning.budget) { return reasoning.effort; }
  return effort_worth(*reasoning.budget);
}

std::optional<Effort> effort_named(std::string_view word) noexcept {
  const auto* const level = std::ranges::find(kLevels, word, &Level::word);
  if (level == std::end(kLevels)) { return std::nullopt; }
  return level->effort;
}

std::string_view effort_word(Effort effort) noexcept {
  const Level* const level = level_of(effort);
  return level != nullptr ? level->word : std::string_view{};
}

}  // namespace butter::dialect
