#include "dialect/gemini_model.h"

#include <charconv>

namespace butter::dialect::gemini {

namespace {

constexpr unsigned kLevels = 3;  // the first generation with levels of thinking

/// The number behind "gemini-"; 0 when there is none. Names like "gemini-flash-latest" stand for
/// the newest.
unsigned major_version(std::string_view model) {
  constexpr std::string_view kFamily = "gemini-";
  const std::size_t at = model.find(kFamily);
  if (at == std::string_view::npos) { return 0; }
  if (model.ends_with("-latest")) { return kLevels; }
  const std::string_view rest = model.substr(at + kFamily.size());
  unsigned version = 0;
  std::from_chars(rest.data(), rest.data() + rest.size(), version);
  return version;
}

}  // namespace

std::string resource_name(std::string_view model) {
  for (const std::string_view collection : {"models/", "tunedModels/"}) {
    if (model.starts_with(collection)) { return std::string(model); }
  }
  return "models/" + std::string(model);
}

Generation generation_of(std::string_view model) {
  const bool newer = major_version(model) >= kLevels;
  return {.thinking_levels = newer,
          .always_thinks = model.contains("-pro"),
          .wants_signatures = newer,
          .media_in_results = newer};
}

}  // namespace butter::dialect::gemini
