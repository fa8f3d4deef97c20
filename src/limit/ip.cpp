#include "limit/ip.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "base/strings.h"

namespace butter::limit {

namespace {

constexpr unsigned kMappedBits = 96;  ///< before the IPv4 address

std::optional<Ip> parse_literal(std::string_view text) {
  char copy[INET6_ADDRSTRLEN];
  if (text.size() >= sizeof copy) { return std::nullopt; }
  copy[text.copy(copy, text.size())] = '\0';
  std::array<std::uint8_t, 16> bytes{};
  if (::inet_pton(AF_INET6, copy, bytes.data()) == 1) { return Ip(bytes); }
  bytes[10] = bytes[11] = 0xff;
  if (::inet_pton(AF_INET, copy, bytes.data() + 12) == 1) { return Ip(bytes); }
  return std::nullopt;
}

/// The address that an element of Forwarded has after `for=`; "" when it has none.
std::string_view for_of(std::string_view element) {
  while (!element.empty()) {
    const std::size_t end = std::min(element.find(';'), element.size());
    const std::string_view pair = trim(element.substr(0, end));
    element.remove_prefix(std::min(end + 1, element.size()));
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && iequals(trim(pair.substr(0, equals)), "for")) {
      return trim(pair.substr(equals + 1));
    }
  }
  return {};
}

}  // namespace

std::optional<Ip> Ip::parse(std::string_view text) {
  text = trim(text);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) { return std::nullopt; }
    text = text.substr(1, close - 1);
  } else if (std::ranges::count(text, ':') == 1) {
    text = text.substr(0, text.find(':'));
  }
  return parse_literal(text.substr(0, text.find('%')));
}

bool Ip::is_v4() const noexcept {
  constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  return std::ranges::equal(kMapped, std::span(bytes_).first(kMapped.size()));
}

std::string Ip::client_key() const {
  const auto all = std::span(bytes_);
  const auto part = is_v4() ? all.subspan(kMappedBits / 8) : all.first(8);
  return {part.begin(), part.end()};
}

std::optional<Network> Network::parse(std::string_view text) {
  const std::size_t slash = std::min(text.find('/'), text.size());
  const auto base = parse_literal(text.substr(0, slash));
  if (!base) { return std::nullopt; }
  Network out;
  out.base_ = *base;
  if (slash == text.size()) { return out; }
  const std::string_view bits = text.substr(slash + 1);
  const char* const last = bits.data() + bits.size();
  unsigned count = 0;
  const auto [end, error] = std::from_chars(bits.data(), last, count);
  const unsigned most = base->is_v4() ? 32 : 128;
  if (bits.empty() || error != std::errc{} || end != last || count > most) { return std::nullopt; }
  out.bits_ = count + (base->is_v4() ? kMappedBits : 0);
  return out;
}

bool Network::contains(const Ip& ip) const noexcept {
  const unsigned whole = bits_ / 8;
  if (!std::equal(base_.bytes().begin(), base_.bytes().begin() + whole, ip.bytes().begin())) {
    return false;
  }
  const unsigned left = bits_ % 8;
  const auto mask = static_cast<std::uint8_t>(0xff00U >> left);
  return left == 0 || ((base_.bytes()[whole] ^ ip.bytes()[whole]) & mask) == 0;
}

Ip client_ip(const Ip& peer, std::string_view forwarded, std::string_view x_forwarded_for,
             std::span<const Network> trusted) {
  const auto is_trusted = [trusted](const Ip& ip) {
    return std::ranges::any_of(trusted, [&ip](const Network& each) { return each.contains(ip); });
  };
  const bool standard = !forwarded.empty();
  std::string_view rest = standard ? forwarded : x_forwarded_for;
  Ip client = peer;
  while (!rest.empty() && is_trusted(client)) {
    const std::size_t comma = rest.rfind(',');
    const std::size_t begin = comma == std::string_view::npos ? 0 : comma + 1;
    const std::string_view element = rest.substr(begin);
    rest = rest.substr(0, begin == 0 ? 0 : comma);
    const auto ip = Ip::parse(standard ? for_of(element) : element);
    // Somebody trusted wrote what is no address ("unknown", a hidden name): he is the last known.
    if (!ip) { break; }
    client = *ip;
  }
  return client;
}

}  // namespace butter::limit
