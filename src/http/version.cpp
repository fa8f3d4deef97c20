#include "http/version.h"

namespace butter::http {

std::expected<bool, HeadError> parse_version(std::string_view text) noexcept {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text == "HTTP/1.1") { return false; }
  if (text == "HTTP/1.0") { return true; }
  const bool well_formed = text.size() == 8 && text.starts_with("HTTP/") && digit(text[5]) &&
                           text[6] == '.' && digit(text[7]);
  return std::unexpected(well_formed ? HeadError::unsupported_version : HeadError::malformed);
}

}  // namespace butter::http
