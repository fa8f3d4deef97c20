#include "metrics/counter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <ostream>
#include <string>
#include <thread>

namespace butter::metrics {
namespace {

constexpr double kBounds[] = {0.001, 0.005, 0.1, 1, 2.5};
constexpr std::size_t kInfinity = std::size(kBounds);

TEST(Counter, Adds) {
  Counter counter;
  EXPECT_EQ(counter.value(), 0u);
  counter.add();
  counter.add(41);
  EXPECT_EQ(counter.value(), 42u);
}

TEST(Gauge, GoesUpAndDown) {
  Gauge gauge;
  gauge.add(3);
  gauge.add(-5);
  EXPECT_EQ(gauge.value(), -2);
}

TEST(Counter, OneThreadWritesWhileAnotherReads) {
  Counter counter;
  std::atomic<bool> done = false;
  std::thread reader([&] {
    std::uint64_t last = 0;
    while (!done) {
      const std::uint64_t now = counter.value();
      EXPECT_GE(now, last);
      last = now;
    }
  });
  for (int i = 0; i < 10000; ++i) { counter.add(); }
  done = true;
  reader.join();
  EXPECT_EQ(counter.value(), 10000u);
}

struct Case {
  const char* name;
  Duration value;
  std::size_t bucket;
  friend std::ostream& operator<<(std::ostream& os, const Case& c) { return os << c.name; }
};

constexpr Case kCases[] = {
    {"zero", 0ns, 0},
    {"negative_counts_as_zero", -5ns, 0},
    {"least_bound", 1ms, 0},
    {"behind_least_bound", 1ms + 1ns, 1},
    {"bound", 5ms, 1},
    {"behind_bound", 5ms + 1ns, 2},
    {"decimal_bound", 100ms, 2},
    {"whole_bound", 1s, 3},
    {"last_bound", 2500ms, 4},
    {"beyond", 2500ms + 1ns, kInfinity},
    {"hours", 20h, kInfinity},
};

class HistogramBucket : public testing::TestWithParam<Case> {};

TEST_P(HistogramBucket, HoldsValuesUpToItsBound) {
  Histogram histogram(kBounds);
  histogram.observe(GetParam().value);
  for (std::size_t i = 0; i <= kInfinity; ++i) {
    EXPECT_EQ(histogram.bucket(i), i == GetParam().bucket ? 1u : 0u) << i;
  }
  EXPECT_EQ(histogram.sum_ns(),
            static_cast<std::uint64_t>(std::max(GetParam().value, 0ns).count()));
}

INSTANTIATE_TEST_SUITE_P(Table, HistogramBucket, testing::ValuesIn(kCases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Histogram, SumsUp) {
  Histogram histogram(kBounds);
  for (int i = 0; i < 3; ++i) { histogram.observe(2ms); }
  histogram.observe(10s);
  EXPECT_EQ(histogram.bucket(1), 3u);
  EXPECT_EQ(histogram.bucket(kInfinity), 1u);
  EXPECT_EQ(histogram.sum_ns(), 10'006'000'000u);
  EXPECT_EQ(histogram.bounds().size(), kInfinity);
}

TEST(Histogram, AsManyBoundsAsThereMayBe) {
  std::array<double, Histogram::kMostBounds> bounds;
  for (std::size_t i = 0; i < bounds.size(); ++i) { bounds[i] = static_cast<double>(i + 1); }
  Histogram histogram(bounds);
  histogram.observe(24s);
  histogram.observe(25s);
  EXPECT_EQ(histogram.bucket(Histogram::kMostBounds - 1), 1u);
  EXPECT_EQ(histogram.bucket(Histogram::kMostBounds), 1u);
}

}  // namespace
}  // namespace butter::metrics
