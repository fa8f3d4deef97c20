#pragma once

#include <optional>
#include <string_view>

#include "base/buffer.h"
#include "http/head.h"

namespace butter::gateway {

/// Which of a client's header fields go upstream. Below /v1 by allowlist; for /native everything
/// but what belongs to the connection or to us. Credentials and cookies are kept apart, since only
/// a provider in passthrough mode gets them.
enum class ForwardRule : std::uint8_t { allowlist, everything };

/// Appends the lines that go upstream to `out` and the credentials to `credentials`.
void write_forwarded(Buffer& out, Buffer& credentials, const http::Fields& fields,
                     ForwardRule rule);

/// Appends the lines of an upstream's answer that the client gets: all but those of the connection,
/// lengths, cookies, and names of ours.
struct RelayRule {
  bool keep_request_id = true;   ///< false: the upstream's x-request-id goes as
                                 ///< x-butter-upstream-request-id, since the client's own is kept
  bool keep_type = true;         ///< false: Content-Type and -Encoding are ours
  bool keep_rate_limits = true;  ///< false: x-ratelimit-* are ours
};
void write_relayed(Buffer& out, const http::Fields& fields, const RelayRule& rule);

// Header lines as a request or an answer keeps them: "Name: value CRLF", one behind the other.

/// The value of the first line of that name.
[[nodiscard]] std::optional<std::string_view> value_in(std::string_view lines,
                                                       std::string_view name);
void erase_lines(Buffer& lines, std::string_view name);
/// Instead of all lines of that name.
void set_line(Buffer& lines, std::string_view name, std::string_view value);

/// A client's request id that may be echoed: 1 to 128 visible characters.
[[nodiscard]] bool is_sane_request_id(std::string_view id) noexcept;

/// Appends a field whose value came from a client; nothing when it holds what a header must not.
void write_visible_field(Buffer& out, std::string_view name, std::string_view value);

}  // namespace butter::gateway
