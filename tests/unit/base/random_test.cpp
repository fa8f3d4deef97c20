#include "base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace butter {
namespace {

// The seed fills the state with splitmix64(0) = e220a8397b1dcdaf, 6e789e6aa1b965f4,
// 06c45d188009454f, f88bb8a8724c81ec; the first number follows from the second word alone.
TEST(Random, FirstNumberOfSeedZero) {
  constexpr std::uint64_t kSecondWord = 0x6e789e6aa1b965f4;
  EXPECT_EQ(Random(0).next(), std::rotl(kSecondWord * 5, 7) * 9);
}

TEST(Random, SameSeedSameNumbers) {
  Random a(42);
  Random b(42);
  for (int i = 0; i < 100; ++i) { EXPECT_EQ(a.next(), b.next()); }
}

TEST(Random, OtherSeedOtherNumbers) {
  Random a(42);
  Random b(43);
  int same = 0;
  for (int i = 0; i < 100; ++i) { same += a.next() == b.next() ? 1 : 0; }
  EXPECT_EQ(same, 0);
}

TEST(Random, UniformStaysInItsRangeAndFillsIt) {
  constexpr int kRounds = 10000;
  constexpr std::size_t kTenths = 10;
  Random random(1);
  std::array<int, kTenths> tenths{};
  for (int i = 0; i < kRounds; ++i) {
    const double value = random.uniform();
    ASSERT_GE(value, 0.0);
    ASSERT_LT(value, 1.0);
    ++tenths[static_cast<std::size_t>(value * kTenths)];
  }
  const auto [least, most] = std::ranges::minmax_element(tenths);
  EXPECT_GT(*least, 850);
  EXPECT_LT(*most, 1150);
}

}  // namespace
}  // namespace butter
