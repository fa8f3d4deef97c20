#include "plugin/filter.h"

#include <algorithm>

namespace butter::plugin {

namespace {

bool matches(std::string_view pattern, std::string_view name) noexcept {
  if (!pattern.ends_with('*')) { return pattern == name; }
  pattern.remove_suffix(1);
  return name.starts_with(pattern);
}

bool any_matches(const std::vector<std::string>& patterns, std::string_view name) noexcept {
  return patterns.empty() || std::ranges::any_of(patterns, [name](std::string_view pattern) {
           return matches(pattern, name);
         });
}

}  // namespace

bool Filter::sees(std::string_view path, std::string_view model) const noexcept {
  return any_matches(routes_, path) &&
         (models_.empty() || (!model.empty() && any_matches(models_, model)));
}

}  // namespace butter::plugin
