#pragma once

#include <string>
#include <string_view>

namespace butter::dialect::gemini {

/// The resource that a model's name stands for: "models/gemini-2.0-flash" for "gemini-2.0-flash";
/// "models/x" and "tunedModels/x" as they are.
[[nodiscard]] std::string resource_name(std::string_view model);

/// What a model understands. Names that say nothing ("tunedModels/x") are taken for the oldest.
struct Generation {
  bool thinking_levels = false;   ///< Gemini 3: levels instead of a budget of tokens
  bool always_thinks = false;     ///< thinking cannot be turned off
  bool wants_signatures = false;  ///< Gemini 3: a tool call without its signature is refused
  bool media_in_results = false;  ///< Gemini 3: a function's response may hold images
};
[[nodiscard]] Generation generation_of(std::string_view model);

}  // namespace butter::dialect::gemini
