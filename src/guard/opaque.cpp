#include "guard/opaque.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace butter::guard {

namespace {

constexpr std::size_t kLeast = 256;

constexpr std::array<bool, 256> kBase64 = [] {
  std::array<bool, 256> table{};
  for (unsigned c = 'a'; c <= 'z'; ++c) { table[c] = true; }
  for (unsigned c = 'A'; c <= 'Z'; ++c) { table[c] = true; }
  for (unsigned c = '0'; c <= '9'; ++c) { table[c] = true; }
  for (const unsigned char c : std::string_view("+/-_=")) { table[c] = true; }
  return table;
}();

}  // namespace

bool is_opaque(std::string_view raw) noexcept {
  if (raw.size() < kLeast) { return false; }
  if (raw.starts_with("data:")) {
    constexpr std::string_view kMark = ";base64,";
    const std::size_t mark = raw.substr(0, kLeast).find(kMark);
    if (mark != std::string_view::npos) { raw.remove_prefix(mark + kMark.size()); }
  }
  return std::ranges::all_of(raw, [](unsigned char c) { return kBase64[c]; });
}

}  // namespace butter::guard
