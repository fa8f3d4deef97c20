#include "routing/key_ring.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "unit/routing/setup.h"

namespace butter::routing {
namespace {

using test::key;

const TimePoint kNow = TimePoint(1000s);

class KeyRingTest : public testing::Test {
 protected:
  KeyRing ring(std::vector<config::Key> keys, std::string_view caller = "m",
               std::string_view upstream = "up") {
    keys_ = std::move(keys);
    health_.emplace(config::Breaker{}, keys_.size());
    return {keys_, *health_, caller, upstream};
  }

  std::vector<config::Key> keys_;
  std::optional<ProviderHealth> health_;
  Random random_{42};
};

TEST_F(KeyRingTest, WeightsGiveTheShares) {
  const KeyRing r = ring({key("a", 8), key("b", 2)});
  std::array<int, 2> counts{};
  for (int i = 0; i < 10000; ++i) {
    ++counts[static_cast<std::size_t>(r.draw({}, kNow, random_).value())];
  }
  EXPECT_NEAR(counts[0] / 10000.0, 0.80, 0.05);
}

TEST_F(KeyRingTest, WeightZeroIsNeverDrawn) {
  const KeyRing r = ring({key("a", 0), key("b", 1e-12), key("c", 0)});
  for (int i = 0; i < 1000; ++i) { ASSERT_EQ(r.draw({}, kNow, random_), 1); }
}

TEST_F(KeyRingTest, OnlyDrainedKeysAreNone) {
  const KeyRing r = ring({key("a", 0)});
  EXPECT_EQ(r.draw({}, kNow, random_), std::nullopt);
  EXPECT_EQ(r.draw_any(kNow, random_), std::nullopt);
}

TEST_F(KeyRingTest, AllowlistsHoldEitherNameExactly) {
  struct Case {
    std::vector<std::string> models;
    bool allowed;
  };
  const Case cases[] = {
      {{}, true},     {{"m"}, true},  {{"up"}, true},  {{"x", "m"}, true},
      {{"x"}, false}, {{"M"}, false}, {{"mm"}, false}, {{""}, false},
  };
  for (const Case& c : cases) {
    const KeyRing r = ring({key("a", 1, c.models)});
    EXPECT_EQ(r.draw({}, kNow, random_).has_value(), c.allowed) << testing::PrintToString(c.models);
  }
}

TEST_F(KeyRingTest, ARequestWithoutModelNeedsAKeyWithoutAllowlist) {
  const KeyRing r = ring({key("a", 1, {"m"}), key("b")}, "", "");
  for (int i = 0; i < 100; ++i) { ASSERT_EQ(r.draw({}, kNow, random_), 1); }
}

TEST_F(KeyRingTest, TriedAndCoolingKeysArePassedOver) {
  const KeyRing r = ring({key("a"), key("b"), key("c")});
  health_->key(0).cool_down(kNow + 1s);
  KeySet tried;
  tried.set(1);
  for (int i = 0; i < 100; ++i) { ASSERT_EQ(r.draw(tried, kNow, random_), 2); }
  tried.set(2);
  EXPECT_EQ(r.draw(tried, kNow, random_), std::nullopt);
  EXPECT_EQ(r.draw(tried, kNow + 1s, random_), 0);
}

TEST_F(KeyRingTest, WhenAllCoolTheFirstToEndIsTaken) {
  const KeyRing r = ring({key("a"), key("b"), key("c"), key("d", 0)});
  health_->key(0).cool_down(kNow + 3s);
  health_->key(1).cool_down(kNow + 1s);
  health_->key(2).cool_down(kNow + 2s);
  EXPECT_EQ(r.draw({}, kNow, random_), std::nullopt);
  EXPECT_EQ(r.draw_any(kNow, random_), 1);
}

TEST_F(KeyRingTest, AnyPrefersAKeyThatDoesNotCool) {
  const KeyRing r = ring({key("a", 1000), key("b", 0.001)});
  health_->key(0).cool_down(kNow + 1s);
  EXPECT_EQ(r.draw_any(kNow, random_), 1);
}

TEST_F(KeyRingTest, KeysBeyondTheLimitAreNotDrawn) {
  std::vector<config::Key> many(kMostKeys + 50, key("a", 0));
  many.back().weight = 1;
  const KeyRing r = ring(std::move(many));
  EXPECT_EQ(r.draw_any(kNow, random_), std::nullopt);
}

}  // namespace
}  // namespace butter::routing
