#include "http/field_block.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/strings.h"
#include "http/chars.h"
#include "http/token_list.h"

namespace butter::http {
namespace {

/// The fields that decide about framing, connection and target.
enum class Known : std::uint8_t {
  other,
  host,
  expect,
  connection,
  content_length,
  transfer_encoding,
};

// Length and first letter rule out nearly every other field before a comparison is made.
Known recognise(std::string_view name) noexcept {
  const auto is = [name](std::string_view wanted, Known known) {
    return to_lower(name[0]) == wanted[0] && iequals(name, wanted) ? known : Known::other;
  };
  switch (name.size()) {
    case 4: return is("host", Known::host);
    case 6: return is("expect", Known::expect);
    case 10: return is("connection", Known::connection);
    case 14: return is("content-length", Known::content_length);
    case 17: return is("transfer-encoding", Known::transfer_encoding);
    default: return Known::other;
  }
}

// Tabs around a value are blanks to RFC 9110 and part of the value to some readers: where the
// length of a body depends on it, nobody is given the choice.
bool decides_length(Known known) noexcept {
  return known == Known::content_length || known == Known::transfer_encoding;
}

std::optional<std::uint64_t> parse_length(std::string_view text) noexcept {
  const char* const end = text.data() + text.size();
  std::uint64_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), end, value);  // takes no sign, no blank
  if (error != std::errc{} || stop != end) { return std::nullopt; }
  return value;
}

// Why a transfer coding other than `chunked` alone is refused: a list in which `chunked` is
// repeated, not last or misspelt by quotes and the like is an attempt at smuggling; another coding
// is merely not offered here.
HeadError judge_coding(std::string_view list) noexcept {
  if (list.empty()) { return HeadError::malformed; }
  while (!list.empty()) {
    const bool last = list.find(',') == std::string_view::npos;
    const std::string_view coding = take_element(list);
    if (!all_chars(coding, kTokenChar)) { return HeadError::malformed; }
    if (iequals(coding, "chunked") && !last) { return HeadError::malformed; }
    const bool comma_at_end = !last && list.empty();
    if (comma_at_end) { return HeadError::malformed; }
  }
  return HeadError::unsupported_coding;
}

void note_connection(std::string_view list, FieldFacts& facts) noexcept {
  while (!list.empty()) {
    const std::string_view option = take_element(list);
    facts.close = facts.close || iequals(option, "close");
    facts.keep_alive = facts.keep_alive || iequals(option, "keep-alive");
  }
}

/// Notes what a known field says; the error that it is, if it is one.
std::optional<HeadError> note(Known known, std::string_view value, FieldFacts& facts) noexcept {
  switch (known) {
    case Known::other: break;
    case Known::host:
      facts.host_repeated = facts.has_host;
      facts.has_host = true;
      facts.host = value;
      break;
    case Known::expect:
      facts.expect_continue = facts.expect_continue || iequals(value, "100-continue");
      break;
    case Known::connection: note_connection(value, facts); break;
    case Known::content_length: {
      const std::optional<std::uint64_t> length = parse_length(value);
      if (facts.has_length || !length) { return HeadError::malformed; }
      facts.has_length = true;
      facts.length = *length;
      break;
    }
    case Known::transfer_encoding:
      if (facts.has_chunked) { return HeadError::malformed; }
      if (!iequals(value, "chunked")) { return judge_coding(value); }
      facts.has_chunked = true;
      break;
  }
  return std::nullopt;
}

/// The CR that ends a value, nullptr when a byte stands before it that no value may have.
const char* find_value_end(const char* p, const char* end, Side side) noexcept {
  while (true) {
    p = skip_printable(p, end);
    if (p == end) { return nullptr; }
    if (*p == '\r') { return p; }
    const bool obs_text = static_cast<unsigned char>(*p) >= 0x80;
    if (*p != '\t' && !(obs_text && side == Side::response)) { return nullptr; }
    ++p;
  }
}

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t';
}

}  // namespace

std::expected<FieldFacts, HeadError> parse_field_block(std::string_view bytes, Side side,
                                                       Fields& out) noexcept {
  constexpr auto kMalformed = std::unexpected(HeadError::malformed);
  FieldFacts facts;
  const char* p = bytes.data();
  const char* const end = p + bytes.size();
  while (p != end && *p != '\r') {
    const char* const colon = skip_name(p, end);
    if (colon == p || colon == end || *colon != ':') { return kMalformed; }
    const std::string_view name(p, static_cast<std::size_t>(colon - p));

    const char* first = colon + 1;
    while (first != end && is_blank(*first)) { ++first; }
    const char* const cr = find_value_end(first, end, side);
    if (cr == nullptr || end - cr < 2 || cr[1] != '\n') { return kMalformed; }
    const char* last = cr;
    while (last != first && is_blank(last[-1])) { --last; }
    const std::string_view value(first, static_cast<std::size_t>(last - first));

    if (!out.add({.name = name, .value = value})) {
      return std::unexpected(HeadError::too_many_fields);
    }
    if (const Known known = recognise(name); known != Known::other) {
      if (decides_length(known) && std::find(colon, cr, '\t') != cr) { return kMalformed; }
      if (const auto error = note(known, value, facts)) { return std::unexpected(*error); }
    }
    p = cr + 2;
  }
  // The blank line, and nothing behind it.
  if (end - p != 2 || p[1] != '\n') { return kMalformed; }
  if (facts.has_length && facts.has_chunked) { return kMalformed; }
  return facts;
}

}  // namespace butter::http
