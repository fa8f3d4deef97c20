#include "routing/strategy.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <string>
#include <vector>

namespace butter::routing {
namespace {

using config::Strategy;

/// The targets' order after arrange(), one letter each.
std::string order(Strategy strategy, std::vector<Ranked> targets, std::atomic<std::uint32_t>& turn,
                  Random& random) {
  for (std::size_t i = 0; i < targets.size(); ++i) {
    targets[i].target = static_cast<std::uint16_t>(i);
  }
  arrange(strategy, targets, turn, random);
  std::string letters;
  for (const Ranked& r : targets) { letters += static_cast<char>('a' + r.target); }
  return letters;
}

class StrategyTest : public testing::Test {
 protected:
  std::atomic<std::uint32_t> turn_{0};
  Random random_{7};
};

TEST_F(StrategyTest, NothingAndOneStayAsTheyAre) {
  for (const Strategy s :
       {Strategy::priority, Strategy::round_robin, Strategy::weighted, Strategy::least_latency}) {
    EXPECT_EQ(order(s, {}, turn_, random_), "");
    EXPECT_EQ(order(s, {{}}, turn_, random_), "a");
  }
  EXPECT_EQ(turn_, 0U);
}

TEST_F(StrategyTest, PriorityKeepsTheOrder) {
  EXPECT_EQ(order(Strategy::priority, {{.weight = 0}, {.weight = 9}, {}}, turn_, random_), "abc");
}

TEST_F(StrategyTest, RoundRobinTakesTurns) {
  for (const char* expected : {"abc", "bca", "cab", "abc"}) {
    EXPECT_EQ(order(Strategy::round_robin, {{}, {}, {}}, turn_, random_), expected);
  }
}

TEST_F(StrategyTest, RoundRobinSurvivesTheCountersEnd) {
  turn_ = 0xffffffff;
  EXPECT_EQ(order(Strategy::round_robin, {{}, {}}, turn_, random_), "ba");
  EXPECT_EQ(order(Strategy::round_robin, {{}, {}}, turn_, random_), "ab");
}

TEST_F(StrategyTest, WeightsGiveTheShares) {
  std::map<std::string, int> counts;
  for (int i = 0; i < 10000; ++i) {
    ++counts[order(Strategy::weighted, {{.weight = 8}, {.weight = 2}}, turn_, random_)];
  }
  EXPECT_NEAR(counts["ab"], 8000, 200);
  EXPECT_NEAR(counts["ba"], 2000, 200);
}

TEST_F(StrategyTest, WeightsHoldForTheSecondPlaceToo) {
  std::map<std::string, int> counts;
  for (int i = 0; i < 10000; ++i) {
    ++counts[order(Strategy::weighted, {{.weight = 1}, {.weight = 1}, {.weight = 2}}, turn_,
                   random_)];
  }
  // After c (1/2), a and b are alike: 1/4 each. After a (1/4), c is twice as likely as b.
  EXPECT_NEAR(counts["cab"], 2500, 200);
  EXPECT_NEAR(counts["cba"], 2500, 200);
  EXPECT_NEAR(counts["acb"], 1667, 200);
  EXPECT_NEAR(counts["abc"], 833, 150);
}

TEST_F(StrategyTest, WeightZeroComesLast) {
  for (int i = 0; i < 1000; ++i) {
    const std::string got =
        order(Strategy::weighted, {{.weight = 0}, {.weight = 1}, {.weight = 0}, {.weight = 1e-9}},
              turn_, random_);
    EXPECT_TRUE(got == "bdac" || got == "dbac") << got;
  }
}

TEST_F(StrategyTest, AllWeightsZeroKeepTheOrder) {
  EXPECT_EQ(order(Strategy::weighted, {{.weight = 0}, {.weight = 0}}, turn_, random_), "ab");
}

TEST_F(StrategyTest, LeastLatencyPutsUnknownFirstThenTheFastest) {
  const std::vector<Ranked> targets{{.latency_ns = 30},
                                    {.latency_ns = 10},
                                    {.latency_ns = 0},
                                    {.latency_ns = 20},
                                    {.latency_ns = 0}};
  EXPECT_EQ(order(Strategy::least_latency, targets, turn_, random_), "cebda");
}

TEST_F(StrategyTest, LeastLatencyExploresTheSecondEvery20th) {
  int explored = 0;
  for (int i = 0; i < 100; ++i) {
    explored += order(Strategy::least_latency, {{.latency_ns = 2}, {.latency_ns = 1}}, turn_,
                      random_) == "ab";
  }
  EXPECT_EQ(explored, 5);
}

}  // namespace
}  // namespace butter::routing
