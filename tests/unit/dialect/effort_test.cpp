#include "dialect/effort.h"

#include <gtest/gtest.h>

#include <utility>

namespace butter::dialect {
namespace {

using Effort = Reasoning::Effort;

TEST(Effort, WordsThereAndBack) {
  for (const auto effort :
       {Effort::none, Effort::minimal, Effort::low, Effort::medium, Effort::high, Effort::most}) {
    EXPECT_EQ(effort_named(effort_word(effort)), effort);
  }
  EXPECT_EQ(effort_named("max"), Effort::most);
  EXPECT_EQ(effort_word(Effort::most), "xhigh");
  EXPECT_EQ(effort_word(Effort::unset), "");
  EXPECT_EQ(effort_named("much"), std::nullopt);
  EXPECT_EQ(effort_named(""), std::nullopt);
}

TEST(Effort, TokensThereAndBack) {
  for (const auto effort :
       {Effort::none, Effort::minimal, Effort::low, Effort::medium, Effort::high, Effort::most}) {
    EXPECT_EQ(effort_worth(tokens_of(effort)), effort);
  }
  EXPECT_EQ(tokens_of(Effort::unset), 0U);
}

TEST(Effort, WhatLiesBetweenTwoIsTheGreater) {
  const std::pair<std::uint64_t, Effort> cases[] = {
      {1, Effort::minimal}, {1025, Effort::low},   {2049, Effort::medium},
      {8193, Effort::high}, {16385, Effort::most}, {1000000, Effort::most}};
  for (const auto& [tokens, effort] : cases) { EXPECT_EQ(effort_worth(tokens), effort) << tokens; }
}

TEST(Effort, WordsCountBeforeTheBudget) {
  EXPECT_EQ(asked_effort({}), Effort::unset);
  EXPECT_EQ(asked_effort({.budget = 0}), Effort::none);
  EXPECT_EQ(asked_effort({.budget = 8192}), Effort::medium);
  EXPECT_EQ(asked_effort({.effort = Effort::low, .budget = 8192}), Effort::low);
}

}  // namespace
}  // namespace butter::dialect
