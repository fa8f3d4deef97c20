#include "crypto/digest.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "crypto/hex.h"

namespace butter::crypto {
namespace {

// FIPS 180-4's examples, and the digest of nothing.
TEST(Digest, Sha256Vectors) {
  EXPECT_EQ(hex(sha256("").view()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(sha256("abc").view()),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq").view()),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Digest, PiecesAreOneText) {
  const std::array<std::string_view, 4> pieces{"", "a", "", "bc"};
  EXPECT_EQ(sha256(pieces), sha256("abc"));
  EXPECT_EQ(sha256(std::span<const std::string_view>()), sha256(""));
}

// RFC 4231, test cases 1, 2 and 6 (a key longer than the block).
TEST(Digest, HmacVectors) {
  EXPECT_EQ(hex(hmac_sha256(std::string(20, '\x0b'), "Hi There").view()),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?").view()),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex(hmac_sha256(std::string(131, '\xaa'),
                            "Test Using Larger Than Block-Size Key - Hash Key First")
                    .view()),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

// FIPS 180-4's own example, and the empty text.
TEST(Sha1, KnownTexts) {
  EXPECT_EQ(hex(sha1("abc").view()), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(hex(sha1("").view()), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
}

}  // namespace
}  // namespace butter::crypto
