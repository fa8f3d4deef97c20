#include "base/strings.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <optional>
#include <utility>

namespace butter {

namespace {

constexpr std::size_t kWord = sizeof(std::uint64_t);

constexpr std::uint64_t each_byte(std::uint64_t byte) noexcept {
  return byte * 0x0101010101010101;
}

/// Eight bytes that are the same but for the case of letters. All bytes at once: what differs may
/// be bit 0x20 alone, and only where it makes a letter small.
bool same_word(const char* a, const char* b) noexcept {
  std::uint64_t x = 0, y = 0;
  std::memcpy(&x, a, kWord);
  std::memcpy(&y, b, kWord);
  const std::uint64_t differs = x ^ y;
  if (differs == 0) { return true; }
  if ((differs & ~each_byte(0x20)) != 0) { return false; }
  // The high bit of each byte tells whether it is one of 'a' to 'z'.
  const std::uint64_t small = (x | each_byte(0x20)) & each_byte(0x7f);
  const std::uint64_t letters =
      (small + each_byte(0x80 - 'a')) & ~(small + each_byte(0x7f - 'z')) & ~x;
  return (differs << 2 & ~letters) == 0;
}

}  // namespace

bool same_letters(const char* a, const char* b, std::size_t size) noexcept {
  if (size < kWord) {
    return std::equal(a, a + size, b, [](char x, char y) { return to_lower(x) == to_lower(y); });
  }
  const std::size_t last = size - kWord;
  for (std::size_t at = 0; at < last; at += kWord) {
    if (!same_word(a + at, b + at)) { return false; }
  }
  return same_word(a + last, b + last);
}

std::string_view trim(std::string_view text) noexcept {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) { text.remove_prefix(1); }
  while (!text.empty() && is_blank(text.back())) { text.remove_suffix(1); }
  return text;
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kMost = 64;
  constexpr char kHex[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text.substr(0, kMost)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\x";
      out += kHex[byte >> 4];
      out += kHex[byte & 0xf];
    } else {
      out += c;
    }
  }
  if (text.size() > kMost) { out += "..."; }
  return out + '"';
}

namespace {

/// Levenshtein distance over lower-cased ASCII.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (to_lower(a[i]) == to_lower(b[j]) ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row[b.size()];
}

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') { return c - '0'; }
  const char lower = to_lower(c);
  if (lower >= 'a' && lower <= 'f') { return lower - 'a' + 10; }
  return std::nullopt;
}

}  // namespace

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const auto high = hex_digit(text[i + 1]);
      const auto low = hex_digit(text[i + 2]);
      if (high && low) {
        out += static_cast<char>(*high * 16 + *low);
        i += 2;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  constexpr std::string_view kMarks = "-._~";
  std::string out;
  for (const char c : text) {
    const char lower = to_lower(c);
    const bool plain = (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9');
    if (plain || kMarks.contains(c)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', kHex[byte >> 4], kHex[byte & 0xf]};
    }
  }
  return out;
}

std::vector<std::string> nearest(std::string_view word, std::span<const std::string> candidates,
                                 std::size_t most) {
  constexpr std::size_t kLongest = 256;  // the distance is quadratic and the word may be a client's
  if (word.size() > kLongest) { return {}; }
  const std::size_t limit = std::max<std::size_t>(2, word.size() / 3);
  std::vector<std::pair<std::size_t, std::string>> found;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > word.size() + limit || word.size() > candidate.size() + limit) {
      continue;
    }
    const std::size_t d = distance(word, candidate);
    if (d <= limit) { found.emplace_back(d, candidate); }
  }
  std::ranges::sort(found);
  if (found.size() > most) { found.resize(most); }
  std::vector<std::string> names;
  names.reserve(found.size());
  for (auto& [d, name] : found) { names.push_back(std::move(name)); }
  return names;
}

}  // namespace butter
