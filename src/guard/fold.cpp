#include "guard/fold.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>
#include <optional>
#include <utility>

#include "base/block.h"
#include "guard/lookalikes.h"
#include "json/text.h"
#include "json/utf8.h"

namespace butter::guard {

namespace {

using CodePoint = utf8proc_int32_t;

constexpr char32_t kBasicPlane = 0x10000;
constexpr char kDelete = '\x7f';

void append_utf8(std::string& out, char32_t c) {
  std::array<utf8proc_uint8_t, 4> bytes{};
  const auto size = utf8proc_encode_char(static_cast<CodePoint>(c), bytes.data());
  out.append(bytes.begin(), bytes.begin() + size);
}

/// \param character  well-formed UTF-8, not ASCII
char32_t code_point(std::string_view character) {
  constexpr char32_t kLead[] = {0, 0, 0x1f, 0x0f, 0x07};  // by size: the lead byte's own bits
  char32_t c = static_cast<unsigned char>(character.front()) & kLead[character.size()];
  for (const char tail : character.substr(1)) {
    c = c << 6 | (static_cast<unsigned char>(tail) & 0x3f);
  }
  return c;
}

/// The one-letter runs of symbols that Unicode calls compatible with nothing.
std::optional<char> letter_symbol(CodePoint c) {
  struct Run {
    CodePoint first;
    char letter;
    CodePoint count;
  };
  static constexpr Run kRuns[] = {
      {0x1f150, 'a', 26},    // negative circled
      {0x1f170, 'a', 26},    // negative squared
      {0x1f1e6, 'a', 26},    // regional indicators
      {0xe0020, ' ', 0x5f},  // tags
  };
  for (const Run& run : kRuns) {
    if (c >= run.first && c < run.first + run.count) {
      return static_cast<char>(run.letter + (c - run.first));
    }
  }
  return std::nullopt;
}

bool separates_words(CodePoint c) {
  if (c == 0x85) { return true; }  // next line, to Unicode a control character
  switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP: return true;
    default: return false;
  }
}

using Option = utf8proc_option_t;
constexpr Option kHow =
    static_cast<Option>(UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE |
                        UTF8PROC_STRIPMARK);

/// What a character that is not ASCII becomes, whatever it looks like.
std::u32string plain_form(CodePoint c) {
  if (const std::optional<char> letter = letter_symbol(c)) { return std::u32string(1, *letter); }
  if (separates_words(c)) { return U" "; }
  if (utf8proc_category(c) == UTF8PROC_CATEGORY_CC) { return {}; }
  // Cases are folded before a character is taken apart, and its parts may be capitals again.
  std::u32string form(1, static_cast<char32_t>(c));
  for (int time = 0; time < 2; ++time) {
    std::u32string next;
    for (const char32_t part : form) {
      std::array<CodePoint, 32> parts{};
      int boundary = 0;
      const auto count = utf8proc_decompose_char(static_cast<CodePoint>(part), parts.data(),
                                                 std::ssize(parts), kHow, &boundary);
      if (count < 0 || count > std::ssize(parts)) { return form; }
      next.append(parts.begin(), parts.begin() + count);
    }
    form = std::move(next);
  }
  return form;
}

/// Whether a character stays as it is: those of Chinese, and Korean syllables, which would come
/// apart.
bool stays(char32_t c) {
  return (c >= 0x3400 && c < 0xa000) || (c >= 0xac00 && c < 0xd7a4);
}

bool is_plain(char c) {
  return c >= ' ' && c < kDelete;
}

/// What an escape of two characters stands for, made plain; nullopt when it is none, or of what is
/// not seen.
std::optional<char> short_escape(char kind) {
  switch (kind) {
    case 'n':
    case 'r':
    case 't':
    case 'f': return ' ';
    case '"':
    case '\\':
    case '/': return kind;
    default: return std::nullopt;
  }
}

enum class Form : unsigned char { text, json_string };

/// Copies what is plain ASCII, or an escape of it, from the front of `text`. \return bytes taken
template <Form form>
std::size_t copy_plain(std::string_view text, Buffer& out) {
  const char* from = text.data();
  const char* const end = from + text.size();
  char* const begin = out.prepare(text.size() + Block::kSize);
  char* to = begin;
  while (from != end) {
    std::array<char, Block::kSize> last{};
    const char* source = from;
    if (end - from < Block::kSize) {  // NUL behind the end is not plain
      std::copy(from, end, last.begin());
      source = last.data();
    }
    const Block block(source);
    std::uint32_t stops = block.unprintable();
    if constexpr (form == Form::json_string) { stops |= block.equal('"', '\\'); }
    std::memcpy(to, source, Block::kSize);
    const std::ptrdiff_t size = stops == 0 ? Block::kSize : std::countr_zero(stops);
    from += size;
    to += size;
    if (stops == 0 || from == end) { continue; }
    if (form == Form::text || *from != '\\' || end - from < 2) { break; }
    const std::optional<char> meaning = short_escape(from[1]);
    if (!meaning) { break; }
    *to++ = *meaning;
    from += 2;
  }
  out.commit(static_cast<std::size_t>(to - begin));
  return static_cast<std::size_t>(from - text.data());
}

/// The ASCII letter that each character of the basic plane looks like; 0 = none.
std::vector<char> letters_seen() {
  std::vector<char> letters(kBasicPlane);
  for (const Lookalikes& row : lookalikes()) {
    for (std::string_view rest = row.characters; !rest.empty();) {
      const std::string_view character = rest.substr(0, json::utf8_size(rest));
      letters[code_point(character)] = row.letter;
      rest.remove_prefix(character.size());
    }
  }
  return letters;
}

/// What a character of the basic plane becomes.
std::string replacement(char32_t c, const std::vector<char>& letters) {
  if (letters[c] != 0) { return {letters[c]}; }
  std::u32string form = plain_form(static_cast<CodePoint>(c));
  for (char32_t& part : form) {
    if (part < kBasicPlane && letters[part] != 0) { part = static_cast<char32_t>(letters[part]); }
  }
  std::string text;
  for (const char32_t part : form) { append_utf8(text, part); }
  return text;
}

}  // namespace

Fold::Fold() : places_(kBasicPlane), replacements_(1, '\0') {
  const std::vector<char> letters = letters_seen();
  std::string itself;
  for (char32_t c = 0x80; c < kBasicPlane; ++c) {
    if (stays(c) || !utf8proc_codepoint_valid(static_cast<CodePoint>(c))) { continue; }
    itself.clear();
    append_utf8(itself, c);
    const std::string plain = replacement(c, letters);
    if (plain == itself) { continue; }
    assert(replacements_.size() <= 0xffff);
    places_[c] = static_cast<std::uint16_t>(replacements_.size());
    replacements_ += static_cast<char>(plain.size());
    replacements_ += plain;
  }
}

void Fold::append_basic(char32_t c, std::string_view itself, Buffer& out) const {
  const std::size_t place = places_[c];
  if (place == 0) { return out.append(itself); }
  const auto size = static_cast<unsigned char>(replacements_[place]);
  out.append(std::string_view(replacements_).substr(place + 1, size));
}

std::size_t Fold::take_character(std::string_view text, Buffer& out) const {
  const char first = text.front();
  if (static_cast<unsigned char>(first) < 0x80) {
    // Of the control characters some are blanks, the others are not seen.
    if (first >= '\t' && first <= '\r') { out.push_back(' '); }
    if (is_plain(first)) { out.push_back(first); }
    return 1;
  }
  const std::size_t size = json::utf8_size(text);
  if (size == 0) {
    out.push_back(first);
    return 1;
  }
  const std::string_view character = text.substr(0, size);
  const char32_t c = code_point(character);
  if (c < kBasicPlane) {
    append_basic(c, character, out);
    return size;
  }
  std::string itself;
  for (const char32_t part : plain_form(static_cast<CodePoint>(c))) {
    itself.clear();
    append_utf8(itself, part);
    part < kBasicPlane ? append_basic(part, itself, out) : out.append(itself);
  }
  return size;
}

std::size_t Fold::take_escape(std::string_view text, Buffer& out) const {
  constexpr std::string_view kUnseen = "\\b", kUnicode = "\\u";
  constexpr std::size_t kUnicodeSize = 6;
  if (text.starts_with(kUnseen)) { return kUnseen.size(); }
  if (const auto meaning = text.size() > 1 ? short_escape(text[1]) : std::nullopt) {
    out.push_back(*meaning);
    return 2;
  }
  // Code units one after the other may be halves of one character.
  std::size_t size = 0;
  while (text.substr(size).starts_with(kUnicode)) {
    size = std::min(size + kUnicodeSize, text.size());
  }
  std::string decoded;
  if (size == 0 || !json::unescape(text.substr(0, size), decoded)) {
    out.push_back(text.front());
    return 1;
  }
  append(decoded, out);
  return size;
}

void Fold::append(std::string_view text, Buffer& out) const {
  while (!text.empty()) {
    text.remove_prefix(copy_plain<Form::text>(text, out));
    while (!text.empty() && !is_plain(text.front())) {
      text.remove_prefix(take_character(text, out));
    }
  }
}

std::size_t Fold::append_string(std::string_view text, Buffer& out) const {
  std::string_view rest = text;
  while (!rest.empty()) {
    rest.remove_prefix(copy_plain<Form::json_string>(rest, out));
    while (!rest.empty() && !is_plain(rest.front())) {
      rest.remove_prefix(take_character(rest, out));
    }
    if (rest.starts_with('"')) { return text.size() - rest.size() + 1; }
    if (rest.starts_with('\\')) { rest.remove_prefix(take_escape(rest, out)); }
  }
  return 0;
}

}  // namespace butter::guard
