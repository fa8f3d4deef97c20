#include "config/checks.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "base/strings.h"
#include "limit/ip.h"

namespace butter::config {

namespace {

constexpr std::string_view kAlnum =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// `text` is not empty and has only ASCII letters, digits and `more`.
bool only(std::string_view text, std::string_view more) {
  const auto fits = [more](char c) { return kAlnum.contains(c) || more.contains(c); };
  return !text.empty() && std::ranges::all_of(text, fits);
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

bool is_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), port);
  return ec == std::errc{} && end == text.data() + text.size();
}

/// `[::1]`, an IPv4 address or a name.
bool is_host(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) {
    const std::string_view inside = text.substr(1, text.size() - 2);
    return inside.contains(':') && only(inside, ":.%-_");
  }
  return only(text, ".-_");
}

/// `host` or `host:port`.
bool is_authority(std::string_view text) {
  if (is_host(text)) { return true; }
  const std::size_t colon = text.rfind(':');
  return colon != std::string_view::npos && is_host(text.substr(0, colon)) &&
         is_port(text.substr(colon + 1));
}

/// Takes `scheme` off the front, in any case.
bool take_scheme(std::string_view& text, std::string_view scheme) {
  if (!iequals(text.substr(0, scheme.size()), scheme)) { return false; }
  text.remove_prefix(scheme.size());
  return true;
}

}  // namespace

Refusal check_network(std::string_view text) {
  return limit::Network::parse(text) ? Refusal{}
                                     : "must be an IP address, or a network like 10.0.0.0/8";
}

Refusal check_base_url(std::string_view text) {
  if (!take_scheme(text, "http://") && !take_scheme(text, "https://")) {
    return "must begin with http:// or https://";
  }
  const auto unfit = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte >= 0x7f;
  };
  if (std::ranges::any_of(text, unfit)) { return "must be ASCII without blanks"; }
  if (text.find_first_of("?#") != std::string_view::npos) {
    return "must have no query and no fragment";
  }
  const std::string_view authority = text.substr(0, text.find('/'));
  if (authority.contains('@')) { return "must have no user; a key belongs into `keys`"; }
  if (!is_authority(authority)) { return "needs a host, and a port from 0 to 65535 if any"; }
  return std::nullopt;
}

Refusal check_proxy(std::string_view text) {
  if (text.empty()) { return std::nullopt; }
  if (!take_scheme(text, "http://")) { return "must begin with http://"; }
  if (text.ends_with('/')) { text.remove_suffix(1); }
  const std::size_t at = text.rfind('@');
  const std::string_view authority = at == std::string_view::npos ? text : text.substr(at + 1);
  if (!is_authority(authority) || has_control(text) || text.contains(' ')) {
    return "must be http://[user:password@]host:port";
  }
  return std::nullopt;
}

Refusal check_listen_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || !is_port(text.substr(colon + 1)) ||
      (colon > 0 && !is_host(text.substr(0, colon)))) {
    return "expected host:port, :port or [IPv6]:port with a port from 0 to 65535";
  }
  return std::nullopt;
}

Refusal check_server_address(std::string_view text) {
  if (text.empty()) { return std::nullopt; }
  const bool no_port = text.ends_with(":0");
  if (text.starts_with(':') || no_port || check_listen_address(text)) {
    return "expected host:port or [IPv6]:port with a port from 1 to 65535";
  }
  return std::nullopt;
}

Refusal check_header_name(std::string_view text) {
  constexpr std::string_view kOurs[] = {"connection", "content-length",   "expect", "host",
                                        "keep-alive", "proxy-connection", "te",     "trailer",
                                        "upgrade",    "transfer-encoding"};
  if (!only(text, "!#$%&'*+-.^_`|~")) { return "is no header name"; }
  if (std::ranges::any_of(kOurs, [text](std::string_view name) { return iequals(name, text); })) {
    return "is a header that the gateway sets itself";
  }
  return std::nullopt;
}

Refusal check_header_value(std::string_view text) {
  if (has_control(text)) { return "must have no line break and no control character"; }
  return std::nullopt;
}

Refusal check_readable(std::string_view text) {
  if (text.empty()) { return std::nullopt; }
  const std::string path(text);
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0 || S_ISDIR(status.st_mode) ||
      ::access(path.c_str(), R_OK) != 0) {
    return "must be a file that can be read";
  }
  return std::nullopt;
}

Refusal check_provider_name(std::string_view text) {
  if (!only(text, "-_.")) { return "must have only letters, digits, \"-\", \"_\" and \".\""; }
  return std::nullopt;
}

Refusal check_model(std::string_view text) {
  if (text.empty()) { return "must not be empty"; }
  if (trim(text) != text || has_control(text)) {
    return "must have no blanks around it and no control character";
  }
  return std::nullopt;
}

Refusal check_word(std::string_view text) {
  if (!only(text, "-_.:")) { return "must be a word of letters, digits, \"-\", \"_\", \".\""; }
  return std::nullopt;
}

}  // namespace butter::config
