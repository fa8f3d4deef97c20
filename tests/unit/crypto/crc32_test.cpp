#include "crypto/crc32.h"

#include <gtest/gtest.h>

#include <string>

namespace butter::crypto {
namespace {

// The check values of the catalogue of parametrised CRC algorithms (CRC-32/ISO-HDLC), and zlib's.
TEST(Crc32, KnownValues) {
  EXPECT_EQ(crc32(""), 0U);
  EXPECT_EQ(crc32("123456789"), 0xcbf43926U);
  EXPECT_EQ(crc32("The quick brown fox jumps over the lazy dog"), 0x414fa339U);
  EXPECT_EQ(crc32(std::string(32, '\0')), 0x190a55adU);
  EXPECT_EQ(crc32(std::string(32, '\xff')), 0xff6cab0bU);
}

TEST(Crc32, PiecesAreSummedInTurn) {
  const std::string_view text = "The quick brown fox jumps over the lazy dog";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    EXPECT_EQ(crc32(text.substr(cut), crc32(text.substr(0, cut))), 0x414fa339U) << cut;
  }
}

}  // namespace
}  // namespace butter::crypto
