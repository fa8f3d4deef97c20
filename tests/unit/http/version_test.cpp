#include "http/version.h"

#include <gtest/gtest.h>

namespace butter::http {
namespace {

TEST(Version, TheTwoThatAreSpoken) {
  EXPECT_FALSE(parse_version("HTTP/1.1").value());
  EXPECT_TRUE(parse_version("HTTP/1.0").value());
}

TEST(Version, OthersAreUnsupported) {
  for (const std::string_view text : {"HTTP/0.9", "HTTP/1.2", "HTTP/2.0", "HTTP/3.0", "HTTP/9.9"}) {
    EXPECT_EQ(parse_version(text).error(), HeadError::unsupported_version) << text;
  }
}

TEST(Version, OtherTextIsMalformed) {
  for (const std::string_view text :
       {"", "HTTP", "HTTP/1", "HTTP/1.", "HTTP/11", "HTTP/1.11", "HTTP/1.1 ", " HTTP/1.1",
        "http/1.1", "HTTP/1,1", "HTTP/a.b", "HTTPS/1.", "XTTP/1.1"}) {
    EXPECT_EQ(parse_version(text).error(), HeadError::malformed) << text;
  }
}

}  // namespace
}  // namespace butter::http
