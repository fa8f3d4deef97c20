#include "routing/name_index.h"

#include <gtest/gtest.h>

namespace butter::routing {
namespace {

TEST(NameIndex, FindsWhatWasAdded) {
  NameIndex index;
  index.add("b", 1);
  index.add("a", 0);
  index.add("", 2);
  index.seal();
  EXPECT_EQ(index.find("a"), 0);
  EXPECT_EQ(index.find("b"), 1);
  EXPECT_EQ(index.find(""), 2);
  EXPECT_EQ(index.find("ab"), std::nullopt);
  EXPECT_EQ(index.find("c"), std::nullopt);
}

TEST(NameIndex, TheFirstOfTwoCounts) {
  NameIndex index;
  index.add("a", 4);
  index.add("a", 3);
  index.seal();
  EXPECT_EQ(index.find("a"), 4);
}

TEST(NameIndex, AnEmptyOneFindsNothing) {
  NameIndex index;
  index.seal();
  EXPECT_EQ(index.find("a"), std::nullopt);
}

}  // namespace
}  // namespace butter::routing
