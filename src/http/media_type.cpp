#include "http/media_type.h"

#include <algorithm>

#include "base/strings.h"

namespace butter::http {

std::string_view media_type(std::string_view content_type) noexcept {
  return trim(content_type.substr(0, content_type.find(';')));
}

bool is_json(std::string_view content_type) noexcept {
  constexpr std::string_view kJson = "json";
  return !std::ranges::search(media_type(content_type), kJson, {}, to_lower).empty();
}

bool is_event_stream(std::string_view content_type) noexcept {
  return iequals(media_type(content_type), "text/event-stream");
}

}  // namespace butter::http
