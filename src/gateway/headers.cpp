#include "gateway/headers.h"

#include <algorithm>
#include <array>

#include "base/strings.h"
#include "http/head_writer.h"
#include "provider/provider.h"

namespace butter::gateway {

namespace {

bool istarts_with(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && iequals(text.substr(0, prefix.size()), prefix);
}

/// Looked up by length and first letter, so that most names cost one comparison.
bool is_one_of(std::string_view name, std::span<const std::string_view> names) {
  const char first = to_lower(name.front());
  return std::ranges::any_of(names, [&](std::string_view candidate) {
    return candidate.size() == name.size() && candidate.front() == first &&
           iequals(candidate, name);
  });
}

constexpr std::array<std::string_view, 15> kForwarded = {
    "accept",           "baggage",
    "content-encoding", "content-type",
    "http-referer",     "idempotency-key",
    "traceparent",      "tracestate",
    "user-agent",       "x-client-request-id",
    "x-title",          "x-goog-user-project",
    "anthropic-beta",   "anthropic-version",
    "x-request-id",
};
constexpr std::array<std::string_view, 3> kForwardedPrefixes = {"openai-", "x-stainless-",
                                                                "anthropic-"};

/// Whether a Connection field says more than the two usual words, which is rare.
bool names_fields(const http::Fields& fields) {
  const std::string_view value = fields.value("connection");
  return !value.empty() && !iequals(value, "keep-alive") && !iequals(value, "close");
}

constexpr std::array<std::string_view, 5> kOfTheHop = {"host", "content-length", "expect",
                                                       "accept-encoding", "x-real-ip"};

bool goes_upstream(std::string_view name, ForwardRule rule) {
  if (rule == ForwardRule::everything) {
    return !is_one_of(name, kOfTheHop) && !istarts_with(name, "x-butter-") &&
           !istarts_with(name, "x-forwarded-");
  }
  if (is_one_of(name, kForwarded)) { return true; }
  const char first = to_lower(name.front());
  return (first == 'o' || first == 'x' || first == 'a') &&
         std::ranges::any_of(kForwardedPrefixes, [name](std::string_view prefix) {
           return istarts_with(name, prefix);
         });
}

constexpr std::array<std::string_view, 4> kNotRelayed = {"content-length", "set-cookie", "alt-svc",
                                                         "strict-transport-security"};

constexpr std::array<std::string_view, 2> kOfTheBody = {"content-type", "content-encoding"};

bool is_visible(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

}  // namespace

void write_forwarded(Buffer& out, Buffer& credentials, const http::Fields& fields,
                     ForwardRule rule) {
  const bool named = names_fields(fields);
  for (const http::Field& field : fields.all()) {
    if (http::is_hop_by_hop(field.name) ||
        (named && http::is_named_by_connection(fields, field.name))) {
      continue;
    }
    if (provider::Provider::is_credential(field.name)) {
      http::write_field(credentials, field.name, field.value);
    } else if (goes_upstream(field.name, rule)) {
      http::write_field(out, field.name, field.value);
    }
  }
}

void write_relayed(Buffer& out, const http::Fields& fields, const RelayRule& rule) {
  const bool named = names_fields(fields);
  for (const http::Field& field : fields.all()) {
    if (http::is_hop_by_hop(field.name) ||
        (named && http::is_named_by_connection(fields, field.name)) ||
        is_one_of(field.name, kNotRelayed) || istarts_with(field.name, "x-butter-") ||
        (!rule.keep_type && is_one_of(field.name, kOfTheBody)) ||
        (!rule.keep_rate_limits && istarts_with(field.name, "x-ratelimit-"))) {
      continue;
    }
    if (!rule.keep_request_id && iequals(field.name, "x-request-id")) {
      http::write_field(out, "x-butter-upstream-request-id", field.value);
    } else {
      http::write_field(out, field.name, field.value);
    }
  }
}

std::optional<std::string_view> value_in(std::string_view lines, std::string_view name) {
  for (; !lines.empty(); lines.remove_prefix(lines.find("\r\n") + 2)) {
    const std::string_view line = lines.substr(0, lines.find("\r\n"));
    const std::size_t colon = line.find(':');
    if (iequals(line.substr(0, colon), name)) { return trim(line.substr(colon + 1)); }
  }
  return std::nullopt;
}

void erase_lines(Buffer& lines, std::string_view name) {
  for (std::size_t at = 0; at < lines.size();) {
    const std::string_view rest = lines.view().substr(at);
    const std::size_t size = rest.find("\r\n") + 2;
    if (iequals(rest.substr(0, rest.find(':')), name)) {
      lines.erase(at, size);
    } else {
      at += size;
    }
  }
}

void set_line(Buffer& lines, std::string_view name, std::string_view value) {
  erase_lines(lines, name);
  http::write_field(lines, name, value);
}

bool is_sane_request_id(std::string_view id) noexcept {
  constexpr std::size_t kLongest = 128;
  return !id.empty() && id.size() <= kLongest && is_visible(id);
}

void write_visible_field(Buffer& out, std::string_view name, std::string_view value) {
  constexpr std::size_t kLongest = 256;
  if (!value.empty() && value.size() <= kLongest && is_visible(value)) {
    http::write_field(out, name, value);
  }
}

}  // namespace butter::gateway
