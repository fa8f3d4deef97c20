#pragma once

#include <cstddef>
#include <string_view>

#include "json/skip.h"

namespace butter::guard {

/// Calls visit(key, raw) for each string of a JSON text that is a value: the last key before it,
/// and what stands between its quotes, both as they are written. Nothing else of the text is looked
/// at, so that neither depth nor mistakes matter; a string that has no end is left out.
template <class Visit>
void each_string(std::string_view text, Visit&& visit) {
  std::string_view key;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (true) {
    const std::size_t quote = std::string_view(at, end).find('"');
    if (quote == std::string_view::npos) { return; }
    const char* const begin = at + quote + 1;
    at = json::end_of_string(begin, end);
    if (at == nullptr) { return; }
    const std::string_view raw(begin, at - 1);
    const char* next = at;
    while (next != end && (*next == ' ' || *next == '\n' || *next == '\r' || *next == '\t')) {
      ++next;
    }
    if (next != end && *next == ':') {
      key = raw;
    } else {
      visit(key, raw);
    }
  }
}

}  // namespace butter::guard
