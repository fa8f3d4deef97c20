#pragma once

#include <string>
#include <string_view>

#include "config/field.h"

namespace butter::config {

// What a text must look like. Each says why it does not, in words that follow "providers.x.proxy:
// ".

/// http:// or https:// with a host; no user, query or fragment.
[[nodiscard]] Refusal check_base_url(std::string_view text);
/// http://[user:password@]host[:port], or empty.
[[nodiscard]] Refusal check_proxy(std::string_view text);
/// "host:port", ":8080", "[::1]:80".
[[nodiscard]] Refusal check_listen_address(std::string_view text);
/// "host:port" or "[::1]:6379" of a server that we connect to, or empty.
[[nodiscard]] Refusal check_server_address(std::string_view text);
/// A header that the operator may set: a token, and none of those that frame a message.
/// \source RFC 9110, section 5.1
[[nodiscard]] Refusal check_header_name(std::string_view text);
/// No line break, no control byte. \source RFC 9110, section 5.5
[[nodiscard]] Refusal check_header_value(std::string_view text);
/// A file that can be read, or empty.
[[nodiscard]] Refusal check_readable(std::string_view text);
/// An IP address, or a network as "10.0.0.0/8".
[[nodiscard]] Refusal check_network(std::string_view text);
/// A provider's name: letters, digits, "-", "_" and "."; it stands in paths and model names.
[[nodiscard]] Refusal check_provider_name(std::string_view text);
/// A model's name: not empty, no blanks around it, no control bytes.
[[nodiscard]] Refusal check_model(std::string_view text);
/// Visible ASCII that needs no escaping in a URL or header: api_version, region.
[[nodiscard]] Refusal check_word(std::string_view text);

}  // namespace butter::config
