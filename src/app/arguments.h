#pragma once

#include <span>
#include <string>

namespace butter::app {

/// What the command line asks for.
struct Arguments {
  enum class Command : std::uint8_t { serve, check, plugin, version, help, usage_error };
  Command command = Command::serve;
  std::string config_path;  ///< "" when not given
  std::string complaint;    ///< with usage_error: "flag provided but not defined: -foo"
};

/// Reads flags as the Go program does: one or two dashes, `-config path` or `-config=path`.
/// Positional words after the command are ignored.
/// \param words  without the program's own name
[[nodiscard]] Arguments parse_arguments(std::span<const char* const> words);

[[nodiscard]] std::string usage(const std::string& program);

}  // namespace butter::app
