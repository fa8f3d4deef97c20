#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

#include "json/cursor.h"

namespace butter::dialect {

/// Steps over a value. \return the whole number that it is; nullopt when it is none, or too large
inline std::optional<std::uint64_t> read_count(json::Cursor& at) noexcept {
  const std::string_view text = at.value();
  std::uint64_t value = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value);
  if (text.empty() || error != std::errc{} || end != last) { return std::nullopt; }
  return value;
}

}  // namespace butter::dialect
