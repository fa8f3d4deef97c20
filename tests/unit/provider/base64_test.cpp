#include "provider/base64.h"

#include <gtest/gtest.h>

namespace butter::provider {
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

}  // namespace
}  // namespace butter::provider
