#pragma once

#include <optional>
#include <string_view>

#include "config/diagnostics.h"
#include "config/node.h"

namespace butter::config {

/// Reads a YAML document into a tree. Merge keys (`<<`) are honoured and aliases are copied; size
/// (4 MiB), depth and the number of values are bounded, so that no file can exhaust memory.
///
/// \return nullopt when the file has no tree; `diagnostics` then has at least one complaint. It may
///         have complaints (a key that stands twice) beside a tree, too.
/// \source YAML 1.2.2; https://yaml.org/type/merge.html
[[nodiscard]] std::optional<Node> parse_yaml(std::string_view text, Diagnostics& diagnostics);

}  // namespace butter::config
