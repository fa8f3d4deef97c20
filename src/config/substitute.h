#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "config/diagnostics.h"
#include "config/load.h"
#include "config/node.h"

namespace butter::config {

/// The result of replacing `${NAME}` and `${NAME:-text}` in one value.
struct Substituted {
  std::string text;   ///< as it was when a variable is missing
  std::string unset;  ///< the first variable that is not set; "" when there is none
  bool changed = false;
};

/// Replaces every `${NAME}` by the variable's value, and every `${NAME:-text}` by `text` where the
/// variable is not set or empty, as the shell does. A value is not searched again.
/// \return what is wrong with `text`, for example a `${` without its `}`.
[[nodiscard]] std::expected<Substituted, std::string> substitute(std::string_view text,
                                                                 const Environment& env);

/// Replaces variables in every value of a tree; keys stay as they are.
void substitute_tree(Node& node, const std::string& path, const Environment& env,
                     Diagnostics& diagnostics);

}  // namespace butter::config
