#include <algorithm>
#include <array>

#include "base/strings.h"
#include "http/head.h"
#include "http/token_list.h"

namespace butter::http {

const Field* Fields::find(std::string_view name) const noexcept {
  for (const Field& field : all()) {
    if (field.name.size() == name.size() && iequals(field.name, name)) { return &field; }
  }
  return nullptr;
}

std::string_view Fields::value(std::string_view name) const noexcept {
  const Field* const field = find(name);
  return field != nullptr ? field->value : std::string_view();
}

bool is_hop_by_hop(std::string_view name) noexcept {
  const auto is = [name](std::string_view wanted) { return iequals(name, wanted); };
  if (name.empty()) { return false; }
  switch (to_lower(name[0])) {
    case 'c': return is("connection");
    case 'k': return is("keep-alive");
    case 'p': return iequals(name.substr(0, 6), "proxy-");
    case 't': return is("te") || is("trailer") || is("transfer-encoding");
    case 'u': return is("upgrade");
    default: return false;
  }
}

bool is_named_by_connection(const Fields& fields, std::string_view name) noexcept {
  return std::ranges::any_of(fields.all(), [name](const Field& field) {
    return field.name.size() == 10 && iequals(field.name, "connection") &&
           has_token(field.value, name);
  });
}

}  // namespace butter::http
