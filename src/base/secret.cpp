#include "base/secret.h"

namespace butter {

std::string key_hint(std::string_view key) {
  constexpr std::size_t kShown = 4;
  constexpr std::size_t kLongEnough = 12;
  std::string hint = "...";
  if (key.size() >= kLongEnough) { hint += key.substr(key.size() - kShown); }
  return hint;
}

}  // namespace butter
