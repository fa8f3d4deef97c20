#include "dialect/feature.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace butter::dialect {
namespace {

TEST(Feature, EveryOneHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kFeatures; ++i) {
    const std::string_view name = to_string(static_cast<Feature>(i));
    EXPECT_FALSE(name.empty()) << i;
    EXPECT_TRUE(names.insert(name).second) << name;
  }
  EXPECT_EQ(to_string(Feature::max_tokens), "max_tokens");
  EXPECT_EQ(to_string(Feature::tools), "tools");
  EXPECT_EQ(to_string(Feature::unknown), "unknown");
}

TEST(Feature, WhatHasNoRowIsDropped) {
  constexpr Support kTable[] = {{Feature::top_k, Fate::mapped, "topK"},
                                {Feature::choices, Fate::refused, "one answer a request"}};
  EXPECT_EQ(fate_of(Feature::top_k, kTable), Fate::mapped);
  EXPECT_EQ(fate_of(Feature::choices, kTable), Fate::refused);
  EXPECT_EQ(fate_of(Feature::seed, kTable), Fate::dropped);
  EXPECT_EQ(to_string(Fate::dropped), "dropped");
}

TEST(Feature, KeptStateIsRefusedUnlessATableSaysOtherwise) {
  EXPECT_EQ(fate_of(Feature::previous_response, {}), Fate::refused);
  EXPECT_EQ(fate_of(Feature::background, {}), Fate::refused);
  constexpr Support kTable[] = {{Feature::background, Fate::passed, "background"}};
  EXPECT_EQ(fate_of(Feature::background, kTable), Fate::passed);
  EXPECT_EQ(support_of(Feature::seed, kTable), nullptr);
}

}  // namespace
}  // namespace butter::dialect
