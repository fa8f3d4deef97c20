#include "guard/opaque.h"

#include <gtest/gtest.h>

#include <string>

namespace butter::guard {
namespace {

TEST(Opaque, IsLongBase64) {
  EXPECT_TRUE(is_opaque(std::string(254, 'A') + "+/"));
  EXPECT_TRUE(is_opaque(std::string(254, 'A') + "=="));
  EXPECT_TRUE(is_opaque(std::string(254, 'A') + "-_"));
  EXPECT_FALSE(is_opaque(std::string(255, 'A')));
}

TEST(Opaque, IsMediaInAUrl) {
  EXPECT_TRUE(is_opaque("data:image/png;base64," + std::string(300, 'A')));
  EXPECT_FALSE(is_opaque("data:text/plain," + std::string(300, 'A')));
  EXPECT_FALSE(is_opaque("data:" + std::string(300, 'A') + ";base64,QUJD"));
}

TEST(Opaque, IsNotWhatHasAnythingElseAnywhere) {
  for (const std::size_t at : {0U, 100U, 299U}) {
    std::string text(300, 'A');
    text[at] = ' ';
    EXPECT_FALSE(is_opaque(text)) << at;
    text[at] = '\\';
    EXPECT_FALSE(is_opaque(text)) << at;
  }
}

}  // namespace
}  // namespace butter::guard
