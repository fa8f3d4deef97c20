#include <algorithm>

#include "base/strings.h"
#include "http/chars.h"
#include "http/field_block.h"
#include "http/head.h"
#include "http/version.h"

namespace butter::http {
namespace {

constexpr auto kMalformed = std::unexpected(HeadError::malformed);

/// True for `uri-host [":" port]` (RFC 9110, section 7.2), empty included.
bool is_host(std::string_view text) noexcept {
  if (text.empty()) { return true; }
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos || close == 1) { return false; }
    const auto in_address = [](char c) { return c == ':' || is_char(c, kHostChar); };
    if (!std::ranges::all_of(text.substr(1, close - 1), in_address)) { return false; }
    port = text.substr(close + 1);
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    if (!all_chars(text.substr(0, colon), kHostChar)) { return false; }
    port = text.substr(colon);
  }
  if (port.empty()) { return true; }
  return port[0] == ':' && port.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

/// Reduces an absolute-form target to its path and gives its authority.
std::expected<std::string_view, HeadError> split_absolute_form(std::string_view& target) noexcept {
  std::size_t scheme = 0;
  for (const std::string_view prefix : {"http://", "https://"}) {
    if (iequals(target.substr(0, prefix.size()), prefix)) { scheme = prefix.size(); }
  }
  if (scheme == 0) { return kMalformed; }
  target.remove_prefix(scheme);
  const std::size_t end = std::min(target.find_first_of("/?"), target.size());
  const std::string_view authority = target.substr(0, end);
  target = end == target.size() ? std::string_view("/") : target.substr(end);
  // "http://host?x" has no path that could be passed on as a view.
  if (authority.empty() || target[0] != '/') { return kMalformed; }
  return authority;
}

/// Checks the target's form and fills target, path and query. The authority of an absolute-form, ""
/// for the other forms.
std::expected<std::string_view, HeadError> read_target(std::string_view target,
                                                       RequestHead& out) noexcept {
  std::string_view authority;
  if (target == "*") {
    if (out.method != "OPTIONS") { return kMalformed; }
  } else if (target[0] != '/') {
    const auto split = split_absolute_form(target);
    if (!split) { return split; }
    authority = *split;
  }
  const std::size_t mark = std::min(target.find('?'), target.size());
  out.target = target;
  out.path = target.substr(0, mark);
  out.query = target.substr(std::min(mark + 1, target.size()));
  return authority;
}

/// Reads the request line, its CRLF included. The authority of an absolute-form, else "".
std::expected<std::string_view, HeadError> parse_request_line(std::string_view& bytes,
                                                              RequestHead& out) noexcept {
  constexpr std::size_t kVersionLine = 10;  // "HTTP/1.1\r\n"
  const char* const begin = bytes.data();
  const char* const end = begin + bytes.size();
  const char* const method_end = skip_chars(begin, end, kTokenChar);
  if (method_end == begin || method_end == end || *method_end != ' ') { return kMalformed; }
  const char* const target = method_end + 1;
  const char* const target_end = skip_chars(target, end, kTargetChar);
  if (target_end == target || target_end == end || *target_end != ' ') { return kMalformed; }
  const char* const version = target_end + 1;
  if (static_cast<std::size_t>(end - version) < kVersionLine || version[8] != '\r' ||
      version[9] != '\n') {
    return kMalformed;
  }
  const auto http_1_0 = parse_version({version, 8});
  if (!http_1_0) { return std::unexpected(http_1_0.error()); }
  out.http_1_0 = *http_1_0;
  out.method = {begin, static_cast<std::size_t>(method_end - begin)};
  // A tunnel would carry bytes that nobody here reads.
  if (out.method == "CONNECT") { return kMalformed; }
  bytes.remove_prefix(static_cast<std::size_t>(version - begin) + kVersionLine);
  return read_target({target, static_cast<std::size_t>(target_end - target)}, out);
}

}  // namespace

std::expected<void, HeadError> parse_request_head(std::string_view bytes,
                                                  RequestHead& out) noexcept {
  out.fields.clear();
  out.framing = {};
  const auto authority = parse_request_line(bytes, out);
  if (!authority) { return std::unexpected(authority.error()); }
  const auto facts = parse_field_block(bytes, Side::request, out.fields);
  if (!facts) { return std::unexpected(facts.error()); }

  if (facts->host_repeated || (!facts->has_host && !out.http_1_0)) { return kMalformed; }
  if (!is_host(facts->host)) { return kMalformed; }
  if (!authority->empty() && !iequals(*authority, facts->host)) { return kMalformed; }
  if (facts->has_chunked && out.http_1_0) { return kMalformed; }

  out.keep_alive = facts->keeps_alive(out.http_1_0);
  out.expect_continue = facts->expect_continue && !out.http_1_0;
  if (facts->has_chunked) { out.framing.kind = Framing::Kind::chunked; }
  if (facts->has_length) { out.framing = {.kind = Framing::Kind::length, .length = facts->length}; }
  return {};
}

}  // namespace butter::http
