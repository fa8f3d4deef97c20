#include "json/text.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/block.h"
#include "json/utf8.h"

namespace butter::json {

namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

// The escapes of one letter, and what each means. Only `/` needs none.
constexpr std::string_view kLetters = "\"\\bfnrt/";
constexpr std::string_view kMeanings = "\"\\\b\f\n\r\t/";

enum class Treatment : unsigned char { plain, escape, multibyte };

constexpr std::array<Treatment, 256> kTreatment = [] {
  std::array<Treatment, 256> table{};
  for (std::size_t c = 0; c < 0x20; ++c) { table[c] = Treatment::escape; }
  table['"'] = Treatment::escape;
  table['\\'] = Treatment::escape;
  for (std::size_t c = 0x80; c < 256; ++c) { table[c] = Treatment::multibyte; }
  return table;
}();

Treatment treatment(char c) noexcept {
  return kTreatment[static_cast<unsigned char>(c)];
}

template <class Out>
void append_escape(Out& out, char c) {
  constexpr char kHex[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  if (const std::size_t i = kMeanings.find(c); i != std::string_view::npos) {
    const char pair[] = {'\\', kLetters[i]};
    out.append(std::string_view(pair, sizeof pair));
  } else {
    const char hex[] = {'\\', 'u', '0', '0', kHex[byte >> 4], kHex[byte & 0xf]};
    out.append(std::string_view(hex, sizeof hex));
  }
}

/// The bytes of a block that are not plain, or no ASCII.
std::uint32_t stops_in(const char* begin) noexcept {
  const Block block(begin);
  return block.unprintable() | block.equal('"', '\\');
}

/// The first byte from `at` on that is not plain, or no ASCII.
std::size_t skip_plain(std::string_view text, std::size_t at) noexcept {
  constexpr std::size_t kStep = Block::kSize;
  for (; text.size() - at >= kStep; at += kStep) {
    const std::uint32_t stops = stops_in(text.data() + at);
    if (stops != 0) { return at + static_cast<std::size_t>(std::countr_zero(stops)); }
  }
  if (text.size() >= kStep) {  // the last block again, without what was looked at
    const std::size_t last = text.size() - kStep;
    const std::uint32_t stops = stops_in(text.data() + last) >> (at - last);
    return stops == 0 ? text.size() : at + static_cast<std::size_t>(std::countr_zero(stops));
  }
  while (at < text.size() && treatment(text[at]) == Treatment::plain) { ++at; }
  return at;
}

template <class Out>
void append_quoted(Out& out, std::string_view text) {
  out.push_back('"');
  std::size_t done = 0;  // text[0, done) is written
  std::size_t at = 0;
  while ((at = skip_plain(text, at)) < text.size()) {
    const Treatment how = treatment(text[at]);
    if (how == Treatment::plain) {  // DEL
      ++at;
      continue;
    }
    const std::size_t size = how == Treatment::multibyte ? utf8_size(text.substr(at)) : 0;
    if (size > 0) {
      at += size;
      continue;
    }
    out.append(text.substr(done, at - done));
    if (how == Treatment::escape) {
      append_escape(out, text[at]);
    } else {
      out.append(kReplacement);
    }
    done = ++at;
  }
  out.append(text.substr(done));
  out.push_back('"');
}

/// The number of four hexadecimal digits at the front.
std::optional<std::uint32_t> hex4(std::string_view text) noexcept {
  constexpr std::size_t kDigits = 4;
  if (text.size() < kDigits) { return std::nullopt; }
  std::uint32_t value = 0;
  const char* const last = text.data() + kDigits;
  const auto [end, ec] = std::from_chars(text.data(), last, value, 16);
  if (ec != std::errc{} || end != last) { return std::nullopt; }
  return value;
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto tail = [code](int shift) {
    return static_cast<char>(0x80 | ((code >> shift) & 0x3f));
  };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += {static_cast<char>(0xc0 | (code >> 6)), tail(0)};
  } else if (code < 0x10000) {
    out += {static_cast<char>(0xe0 | (code >> 12)), tail(6), tail(0)};
  } else {
    out += {static_cast<char>(0xf0 | (code >> 18)), tail(12), tail(6), tail(0)};
  }
}

/// Decodes `\uXXXX`, with the low half that may follow. \param text  begins behind the 'u'
/// \return bytes of `text` used; 0 when malformed
std::size_t append_code_unit(std::string& out, std::string_view text) {
  const auto is_low = [](std::uint32_t unit) { return unit >= 0xdc00 && unit < 0xe000; };
  const std::optional<std::uint32_t> first = hex4(text);
  if (!first) { return 0; }
  if (*first < 0xd800 || *first >= 0xe000) {
    append_utf8(out, *first);
    return 4;
  }
  if (!is_low(*first) && text.substr(4).starts_with("\\u")) {
    const std::optional<std::uint32_t> second = hex4(text.substr(6));
    if (second && is_low(*second)) {
      append_utf8(out, 0x10000 + ((*first - 0xd800) << 10) + (*second - 0xdc00));
      return 10;
    }
  }
  out += kReplacement;
  return 4;
}

}  // namespace

void append_string(std::string& out, std::string_view text) {
  append_quoted(out, text);
}
void append_string(Buffer& out, std::string_view text) {
  append_quoted(out, text);
}

bool unescape(std::string_view raw, std::string& out) {
  out.clear();
  while (true) {
    const std::size_t plain = std::min(raw.find('\\'), raw.size());
    out += raw.substr(0, plain);
    raw.remove_prefix(plain);
    if (raw.empty()) { return true; }
    if (raw.size() < 2) { return false; }
    const char kind = raw[1];
    raw.remove_prefix(2);
    if (kind == 'u') {
      const std::size_t used = append_code_unit(out, raw);
      if (used == 0) { return false; }
      raw.remove_prefix(used);
    } else if (const std::size_t i = kLetters.find(kind); i != std::string_view::npos) {
      out += kMeanings[i];
    } else {
      return false;
    }
  }
}

}  // namespace butter::json
