#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace butter::limit {

/// An IP address; IPv4 in its mapped form (::ffff:a.b.c.d, RFC 4291 2.5.5.2). A value. Thread: any
/// one at a time.
class Ip {
 public:
  Ip() = default;
  explicit Ip(std::array<std::uint8_t, 16> bytes) noexcept : bytes_(bytes) {}

  /// "192.0.2.1", "2001:db8::1", either with a port ("192.0.2.1:80", "[2001:db8::1]:80") and with
  /// quotes or a zone around it, as header fields have them. nullopt: anything else.
  [[nodiscard]] static std::optional<Ip> parse(std::string_view text);

  [[nodiscard]] bool is_v4() const noexcept;
  [[nodiscard]] const std::array<std::uint8_t, 16>& bytes() const noexcept { return bytes_; }
  /// What one client has: an IPv4 address, or the /64 of an IPv6 one, of which a client may have
  /// any.
  [[nodiscard]] std::string client_key() const;

  friend bool operator==(const Ip&, const Ip&) = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};
};

/// "10.0.0.0/8", "2001:db8::/32", or one address. A value. Thread: any one at a time.
class Network {
 public:
  [[nodiscard]] static std::optional<Network> parse(std::string_view text);
  [[nodiscard]] bool contains(const Ip& ip) const noexcept;

 private:
  Ip base_;
  unsigned bits_ = 128;  ///< of the mapped form
};

/// Who a request comes from. A field is believed only as far as those who wrote it are trusted:
/// from the right, the first address that is none of ours; what is left of it the client may have
/// written. `Forwarded` (RFC 7239) goes before `X-Forwarded-For`.
/// \param peer  who opened the connection
/// \param forwarded, x_forwarded_for  the fields' values, several joined with commas; "" = absent
[[nodiscard]] Ip client_ip(const Ip& peer, std::string_view forwarded,
                           std::string_view x_forwarded_for, std::span<const Network> trusted);

}  // namespace butter::limit
