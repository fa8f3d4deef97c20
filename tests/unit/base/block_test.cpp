#include "base/block.h"

#include <gtest/gtest.h>

#include <string>

namespace butter {
namespace {

bool printable(unsigned c) {
  return c >= 0x20 && c < 0x7f;
}

bool name_letter(unsigned c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

TEST(Block, EveryByteAtEveryPlace) {
  for (unsigned byte = 0; byte < 256; ++byte) {
    for (std::uint32_t at = 0; at < Block::kSize; ++at) {
      std::string bytes(Block::kSize, 'n');
      bytes[at] = static_cast<char>(byte);
      const Block block(bytes.data());
      EXPECT_EQ(block.unprintable(), printable(byte) ? 0 : 1U << at) << byte;
      EXPECT_EQ(block.not_name_letter(), name_letter(byte) ? 0 : 1U << at) << byte;
      EXPECT_EQ(block.equal('\n'), byte == '\n' ? 1U << at : 0) << byte;
      EXPECT_EQ(block.equal('\xff'), byte == 0xff ? 1U << at : 0) << byte;
      EXPECT_EQ(block.equal('"', '\\'), byte == '"' || byte == '\\' ? 1U << at : 0) << byte;
      EXPECT_EQ(block.equal_with(0x20, '{'), byte == '{' || byte == '[' ? 1U << at : 0) << byte;
    }
  }
}

TEST(Block, SeveralBytes) {
  const Block block("a\r\nB-\x80 \x7f\n09azAZ~");
  EXPECT_EQ(block.unprintable(), 0b0000000110100110U);
  EXPECT_EQ(block.not_name_letter(), 0b1000011111100110U);
  EXPECT_EQ(block.equal('\n'), 0b0000000100000100U);
}

}  // namespace
}  // namespace butter
