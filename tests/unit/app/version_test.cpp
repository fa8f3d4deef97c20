#include "app/version.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace butter::app {
namespace {

TEST(Version, IsFiveLines) {
  const std::string text = version_text();
  EXPECT_EQ(std::ranges::count(text, '\n'), 5);
  EXPECT_THAT(text, testing::MatchesRegex("version: [^\n]+\n"
                                          "commit: [^\n]+\n"
                                          "built: [^\n]+\n"
                                          "compiler: (g\\+\\+|clang) [0-9]+\\.[^\n]+\n"
                                          "platform: linux/[a-z0-9]+\n"));
}

TEST(Version, SaysWhatTheBuildSet) {
  const std::string text = version_text();
  EXPECT_TRUE(text.starts_with("version: " + std::string(kVersion) + "\ncommit: " +
                               std::string(kCommit) + "\nbuilt: " + std::string(kBuilt) + "\n"));
}

}  // namespace
}  // namespace butter::app
