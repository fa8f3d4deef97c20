#include <algorithm>

#include "http/chars.h"
#include "http/field_block.h"
#include "http/head.h"
#include "http/version.h"

namespace butter::http {
namespace {

constexpr auto kMalformed = std::unexpected(HeadError::malformed);

/// Reads the status line, its CRLF included.
std::expected<void, HeadError> parse_status_line(std::string_view& bytes,
                                                 ResponseHead& out) noexcept {
  constexpr std::size_t kShortest = 14;  // "HTTP/1.1 200\r\n"
  const std::size_t cr = bytes.find('\r');
  if (cr == std::string_view::npos || cr + 2 < kShortest || cr + 2 > bytes.size()) {
    return kMalformed;
  }
  const std::string_view line = bytes.substr(0, cr);
  const auto http_1_0 = parse_version(line.substr(0, 8));
  if (!http_1_0) { return std::unexpected(http_1_0.error()); }
  const auto digit = [line](std::size_t i) { return static_cast<unsigned>(line[i] - '0'); };
  const bool status_ok = line[8] == ' ' && digit(9) - 1 < 5 && digit(10) < 10 && digit(11) < 10;
  const std::string_view rest = line.substr(12);
  if (!status_ok || bytes[cr + 1] != '\n' || !is_field_value(rest) ||
      !(rest.empty() || rest[0] == ' ')) {
    return kMalformed;
  }
  out.http_1_0 = *http_1_0;
  out.status = static_cast<std::uint16_t>(digit(9) * 100 + digit(10) * 10 + digit(11));
  out.reason = rest.substr(std::min<std::size_t>(1, rest.size()));
  bytes.remove_prefix(cr + 2);
  return {};
}

/// How the body of a response is delimited (RFC 9112, section 6.3).
std::expected<void, HeadError> frame_response(const FieldFacts& facts, bool request_was_head,
                                              ResponseHead& out) noexcept {
  const bool names_body = facts.has_chunked || facts.length > 0;
  // A 1xx with a body would be read as the answer that follows it.
  if (out.status < 200 && names_body) { return kMalformed; }
  out.framing = {};
  if (out.status < 200 || out.status == 204 || out.status == 304 || request_was_head) {
    // A 204 has no body; one that names a body may send it all the same, so nothing is reused.
    if (out.status == 204 && names_body) { out.keep_alive = false; }
  } else if (facts.has_chunked) {
    out.framing.kind = Framing::Kind::chunked;
  } else if (facts.has_length) {
    out.framing = {.kind = Framing::Kind::length, .length = facts.length};
  } else {
    out.framing.kind = Framing::Kind::until_close;
    out.keep_alive = false;
  }
  return {};
}

}  // namespace

std::expected<void, HeadError> parse_response_head(std::string_view bytes, bool request_was_head,
                                                   ResponseHead& out) noexcept {
  out.fields.clear();
  if (const auto line = parse_status_line(bytes, out); !line) { return line; }
  const auto facts = parse_field_block(bytes, Side::response, out.fields);
  if (!facts) { return std::unexpected(facts.error()); }
  if (facts->has_chunked && out.http_1_0) { return kMalformed; }
  out.keep_alive = facts->keeps_alive(out.http_1_0);
  return frame_response(*facts, request_was_head, out);
}

}  // namespace butter::http
