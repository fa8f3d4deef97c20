#include "plugin/filter.h"

#include <gtest/gtest.h>

namespace butter::plugin {
namespace {

TEST(Filter, WithoutPatternsAPluginSeesEverything) {
  EXPECT_TRUE(Filter().sees("/v1/chat/completions", "gpt-4o"));
  EXPECT_TRUE(Filter().sees("/native/x/y", ""));
}

TEST(Filter, APathMatchesWholeOrByItsBeginning) {
  const Filter filter({"/v1/chat/completions", "/native/*"}, {});
  EXPECT_TRUE(filter.sees("/v1/chat/completions", "m"));
  EXPECT_FALSE(filter.sees("/v1/chat/completions/x", "m"));
  EXPECT_TRUE(filter.sees("/native/openai/v1/files", ""));
  EXPECT_FALSE(filter.sees("/v1/embeddings", "m"));
}

TEST(Filter, AModelMatchesWholeOrByItsBeginning) {
  const Filter filter({}, {"gpt-4*", "claude-3"});
  EXPECT_TRUE(filter.sees("/", "gpt-4o"));
  EXPECT_TRUE(filter.sees("/", "claude-3"));
  EXPECT_FALSE(filter.sees("/", "claude-3-5"));
}

TEST(Filter, ARequestWithoutAModelIsSeenByPluginsForAnyModel) {
  EXPECT_FALSE(Filter({}, {"*"}).sees("/", ""));
  EXPECT_TRUE(Filter({"*"}, {}).sees("/", ""));
}

TEST(Filter, BothMustMatch) {
  const Filter filter({"/v1/*"}, {"a"});
  EXPECT_TRUE(filter.sees("/v1/x", "a"));
  EXPECT_FALSE(filter.sees("/v1/x", "b"));
  EXPECT_FALSE(filter.sees("/v2/x", "a"));
}

}  // namespace
}  // namespace butter::plugin
