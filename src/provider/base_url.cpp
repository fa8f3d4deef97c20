#include "provider/base_url.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/strings.h"

namespace butter::provider {

namespace {

constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;

std::unexpected<Error> wrong(std::string_view url, std::string_view what) {
  return fail(Errc::bad_config, "base_url " + quoted(url) + ": " + std::string(what));
}

bool is_host_char(char c) {
  const char lower = to_lower(c);
  return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_';
}

bool is_ipv6(const std::string& text) {
  in6_addr address;
  return ::inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

/// 1 to 65535, digits only.
std::optional<std::uint16_t> port_number(std::string_view text) {
  std::uint16_t port = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, port);
  if (text.empty() || error != std::errc{} || end != last || port == 0) { return std::nullopt; }
  return port;
}

/// Reads "host", "host:port", "[v6]" and "[v6]:port". \return what is wrong, "" for nothing
std::string_view read_authority(std::string_view authority, BaseUrl& out) {
  std::string_view after_host;
  if (authority.starts_with('[')) {
    const std::size_t close = authority.find(']');
    if (close == std::string_view::npos) { return "the IPv6 address lacks its ']'"; }
    out.host = authority.substr(1, close - 1);
    if (!is_ipv6(out.host)) { return "not an IPv6 address between the brackets"; }
    out.host_header = authority.substr(0, close + 1);
    after_host = authority.substr(close + 1);
  } else {
    const std::size_t colon = std::min(authority.find(':'), authority.size());
    out.host = authority.substr(0, colon);
    if (out.host.empty()) { return "no host"; }
    if (!std::ranges::all_of(out.host, is_host_char)) { return "not a host name"; }
    out.host_header = out.host;
    after_host = authority.substr(colon);
  }
  const std::uint16_t usual = out.tls ? kHttpsPort : kHttpPort;
  out.port = usual;
  if (after_host.empty()) { return ""; }
  if (!after_host.starts_with(':')) { return "something other than a port after the host"; }
  const auto port = port_number(after_host.substr(1));
  if (!port) { return "the port is not a number from 1 to 65535"; }
  out.port = *port;
  if (out.port != usual) { out.host_header += after_host; }
  return "";
}

}  // namespace

Result<BaseUrl> BaseUrl::parse(std::string_view url) {
  BaseUrl out;
  const std::size_t scheme_end = std::min(url.find("://"), url.size());
  const std::string_view scheme = url.substr(0, scheme_end);
  out.tls = iequals(scheme, "https");
  if (scheme_end == url.size() || (!out.tls && !iequals(scheme, "http"))) {
    return wrong(url, "must begin with http:// or https://");
  }
  // What stands in a request line must not break it; a space or a control byte would.
  if (!std::ranges::all_of(url, [](char c) { return c > 0x20 && c < 0x7f; })) {
    return wrong(url, "holds a blank, control or non-ASCII character");
  }
  const std::string_view rest = url.substr(scheme_end + 3);
  if (rest.find_first_of("?#") != std::string_view::npos) {
    return wrong(url, "must have neither a query nor a fragment");
  }
  const std::size_t path_begin = std::min(rest.find('/'), rest.size());
  const std::string_view authority = rest.substr(0, path_begin);
  if (authority.find('@') != std::string_view::npos) {
    // Without the URL: what stands before the '@' may be a password.
    return fail(Errc::bad_config, "base_url must not hold a user name or password; use keys");
  }
  const std::string_view complaint = read_authority(authority, out);
  if (!complaint.empty()) { return wrong(url, complaint); }
  out.path = rest.substr(path_begin);
  while (out.path.ends_with('/')) { out.path.pop_back(); }
  return out;
}

}  // namespace butter::provider
