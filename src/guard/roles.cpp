#include "guard/roles.h"

#include <algorithm>

#include "base/strings.h"

namespace butter::guard {

namespace {

std::string lower(std::string_view text) {
  std::string out(trim(text));
  std::ranges::transform(out, out.begin(), to_lower);
  return out;
}

/// A role, and what APIs call it.
struct Name {
  std::string_view name, role;
};

constexpr Name kNames[] = {
    {"user", "user"}, {"assistant", "assistant"}, {"model", "assistant"}, {"chatbot", "assistant"},
    {"tool", "tool"}, {"function", "tool"},       {"system", "system"},   {"developer", "system"}};

}  // namespace

Roles::Roles(const std::vector<std::string>& names) {
  for (const std::string& name : names) { names_.push_back(lower(name)); }
  for (const Name& known : kNames) {
    known_.emplace_back(known.name, has("all") || has(known.name) || has(known.role));
  }
}

bool Roles::has(std::string_view name) const {
  return std::ranges::find(names_, name) != names_.end();
}

bool Roles::include(std::string_view name) const {
  const auto find = [this](std::string_view n) {
    return std::ranges::find(known_, n, [](const auto& known) { return known.first; });
  };
  if (const auto found = find(name); found != known_.end()) { return found->second; }
  const std::string plain = lower(name);
  if (const auto found = find(plain); found != known_.end()) { return found->second; }
  return has("all") || has(plain) || has("user");
}

}  // namespace butter::guard
