#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"

namespace butter::config {

/// Looks a variable up; nullopt when it is not set. `process_environment` is the real one.
using Environment = std::function<std::optional<std::string>(std::string_view name)>;
[[nodiscard]] Environment process_environment();

/// One complaint about a file. Lines and columns start at 1; 0 = the file as a whole.
struct Complaint {
  std::string file{};
  int line = 0;
  int column = 0;
  std::string path{};  ///< "routing.failover.max_retries"; "" for the file
  std::string what{};

  /// "config.yaml:31:18: routing.failover.max_retries: expected an integer, got "three""
  [[nodiscard]] std::string text() const;
};

/// A configuration, or all that is wrong with it (never both).
struct Loaded {
  std::optional<Config> config;
  std::vector<Complaint> complaints;

  /// All complaints, a line each; for a file that cannot be read exactly
  /// "reading config file: open <path>: no such file or directory".
  [[nodiscard]] std::string error_text() const;
};

[[nodiscard]] Loaded load_file(const std::string& path, const Environment& env);
[[nodiscard]] Loaded load_text(std::string_view yaml, std::string_view file_name,
                               const Environment& env);

/// What runs without a file: the mock provider as the default one, metrics and the request log on,
/// and each known provider whose usual variable (OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY,
/// OPENROUTER_API_KEY, GROQ_API_KEY, MISTRAL_API_KEY, TOGETHER_API_KEY, FIREWORKS_API_KEY,
/// PERPLEXITY_API_KEY) is set.
[[nodiscard]] Config built_in(const Environment& env);

/// The JSON schema (draft 2020-12) and the reference page (Markdown), both made from the table that
/// the parser reads.
[[nodiscard]] std::string json_schema();
[[nodiscard]] std::string reference_page();

}  // namespace butter::config
