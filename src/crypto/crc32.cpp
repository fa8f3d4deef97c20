#include "crypto/crc32.h"

#include <array>
#include <cstddef>

namespace butter::crypto {

namespace {

// Four tables take four bytes a step. Source: Kounavis and Berry, "A Systematic Approach to
// Building High Performance Software-based CRC Generators", 2005.
using Tables = std::array<std::array<std::uint32_t, 256>, 4>;

constexpr Tables kTables = [] {
  Tables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) { crc = crc >> 1 ^ (crc & 1 ? 0xedb88320U : 0U); }
    tables[0][byte] = crc;
  }
  for (std::size_t byte = 0; byte < 256; ++byte) {
    for (std::size_t i = 1; i < tables.size(); ++i) {
      const std::uint32_t crc = tables[i - 1][byte];
      tables[i][byte] = crc >> 8 ^ tables[0][crc & 0xff];
    }
  }
  return tables;
}();

std::uint32_t byte_at(std::string_view bytes, std::size_t i) noexcept {
  return static_cast<unsigned char>(bytes[i]);
}

}  // namespace

std::uint32_t crc32(std::string_view bytes, std::uint32_t before) noexcept {
  std::uint32_t crc = ~before;
  for (; bytes.size() >= 4; bytes.remove_prefix(4)) {
    crc ^= byte_at(bytes, 0) | byte_at(bytes, 1) << 8 | byte_at(bytes, 2) << 16 |
           byte_at(bytes, 3) << 24;
    crc = kTables[3][crc & 0xff] ^ kTables[2][crc >> 8 & 0xff] ^ kTables[1][crc >> 16 & 0xff] ^
          kTables[0][crc >> 24];
  }
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    crc = crc >> 8 ^ kTables[0][(crc ^ byte_at(bytes, i)) & 0xff];
  }
  return ~crc;
}

}  // namespace butter::crypto
