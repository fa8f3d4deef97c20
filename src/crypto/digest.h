#pragma once

#include <array>
#include <span>
#include <string_view>

namespace butter::crypto {

/// The 32 bytes of a SHA-256.
struct Digest {
  std::array<char, 32> bytes{};

  [[nodiscard]] std::string_view view() const noexcept { return {bytes.data(), bytes.size()}; }
  friend bool operator==(const Digest&, const Digest&) = default;
};

/// \source FIPS 180-4
[[nodiscard]] Digest sha256(std::string_view bytes);
/// Of the pieces one behind the other.
[[nodiscard]] Digest sha256(std::span<const std::string_view> pieces);

/// The 20 bytes of a SHA-1.
struct Sha1Digest {
  std::array<char, 20> bytes{};

  [[nodiscard]] std::string_view view() const noexcept { return {bytes.data(), bytes.size()}; }
};

/// For protocols that name things by it; it protects nothing. \source FIPS 180-4
[[nodiscard]] Sha1Digest sha1(std::string_view bytes);

/// \source RFC 2104 with SHA-256
[[nodiscard]] Digest hmac_sha256(std::string_view key, std::string_view bytes);

}  // namespace butter::crypto
