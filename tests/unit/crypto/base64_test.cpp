#include "crypto/base64.h"

#include <gtest/gtest.h>

namespace butter::crypto {
namespace {

// RFC 4648, section 10.
TEST(Base64, Vectors) {
  const std::pair<std::string_view, std::string_view> cases[] = {{"", ""},
                                                                 {"f", "Zg=="},
                                                                 {"fo", "Zm8="},
                                                                 {"foo", "Zm9v"},
                                                                 {"foob", "Zm9vYg=="},
                                                                 {"fooba", "Zm9vYmE="},
                                                                 {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : cases) { EXPECT_EQ(base64(bytes), text) << bytes; }
}

TEST(Base64, AllBits) {
  EXPECT_EQ(base64(std::string_view("\xff\xfe\x00\x80", 4)), "//4AgA==");
}

TEST(Base64, UrlAlphabetHasNoPadding) {
  EXPECT_EQ(base64url(std::string_view("\xff\xfe\x00\x80", 4)), "__4AgA");
  EXPECT_EQ(base64url("foob"), "Zm9vYg");
}

TEST(Base64, DecodesWhatItWrites) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) { all += static_cast<char>(byte); }
  for (std::size_t size = 0; size <= all.size(); ++size) {
    const std::string_view bytes = std::string_view(all).substr(0, size);
    std::string decoded = "kept ";
    EXPECT_TRUE(append_base64_decoded(decoded, base64(bytes)));
    EXPECT_EQ(decoded, "kept " + std::string(bytes));
  }
}

TEST(Base64, RefusesWhatIsNone) {
  for (const std::string_view text :
       {"Zg=", "Zg", "Z===", "Zm9v\n", "Zm9-", "Zg==Zg==", "====", "Zm\xff+"}) {
    std::string decoded;
    EXPECT_FALSE(append_base64_decoded(decoded, text)) << text;
  }
}

}  // namespace
}  // namespace butter::crypto
