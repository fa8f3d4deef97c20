#include "http/token_list.h"

#include <algorithm>

#include "base/strings.h"

namespace butter::http {

std::string_view take_element(std::string_view& list) noexcept {
  const std::size_t comma = std::min(list.find(','), list.size());
  const std::string_view element = trim(list.substr(0, comma));
  list.remove_prefix(std::min(comma + 1, list.size()));
  return element;
}

bool has_token(std::string_view list, std::string_view token) noexcept {
  while (!list.empty()) {
    if (iequals(take_element(list), token)) { return true; }
  }
  return false;
}

}  // namespace butter::http
