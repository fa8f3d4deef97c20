#pragma once

#include <string_view>

#include "dialect/conversation.h"

namespace butter::dialect {

/// "data:image/png;base64,AAAA" becomes media type and bytes, any other URL stays one.
/// \return whether it was a data: URL
/// \source RFC 2397
inline bool read_url(Text url, Source& into) noexcept {
  constexpr std::string_view kScheme = "data:";
  constexpr std::string_view kEncoding = ";base64,";
  const std::string_view text = url.escaped;
  const std::size_t encoding = text.find(kEncoding);
  if (!text.starts_with(kScheme) || encoding == std::string_view::npos) {
    into.url = url;
    return false;
  }
  into.media_type = {text.substr(kScheme.size(), encoding - kScheme.size())};
  into.data = {text.substr(encoding + kEncoding.size())};
  return true;
}

}  // namespace butter::dialect
