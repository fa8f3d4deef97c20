#include <gtest/gtest.h>

#include <set>

#include "dialect/dialects.h"

namespace butter::dialect {
namespace {

TEST(Gemini, ItsTableSaysOfEveryFeatureWhatBecomesOfIt) {
  std::set<Feature> seen;
  for (const Support& row : kGeminiProvider.support) {
    EXPECT_TRUE(seen.insert(row.feature).second) << to_string(row.feature);
    EXPECT_FALSE(row.as.empty()) << to_string(row.feature);
  }
  EXPECT_EQ(seen.size(), kFeatures - 1);  // all but `unknown`
}

TEST(Gemini, IsFoundByItsName) {
  EXPECT_EQ(provider_dialect(Dialect::gemini), &kGeminiProvider);
  EXPECT_NE(kGeminiProvider.make_reader(), nullptr);
}

}  // namespace
}  // namespace butter::dialect
