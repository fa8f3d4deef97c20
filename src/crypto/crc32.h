#pragma once

#include <cstdint>
#include <string_view>

namespace butter::crypto {

/// The checksum of zlib, Ethernet and AWS event streams: reflected polynomial 0xedb88320.
/// \param before  of the bytes that stand before these, so that pieces can be summed in turn
[[nodiscard]] std::uint32_t crc32(std::string_view bytes, std::uint32_t before = 0) noexcept;

}  // namespace butter::crypto
