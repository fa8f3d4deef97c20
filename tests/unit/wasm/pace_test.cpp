#include "wasm/pace.h"

#include <gtest/gtest.h>

namespace butter::wasm {
namespace {

void record(Pace& pace, std::size_t bytes, Duration took, unsigned times) {
  for (unsigned i = 0; i < times; ++i) { pace.record(bytes, took); }
}

TEST(Pace, TheUnknownRunsOnAThread) {
  const Pace pace;
  EXPECT_EQ(pace.place(100), Place::thread);
  EXPECT_EQ(pace.average(100), std::nullopt);
}

TEST(Pace, CheapCallsComeToTheLoopAfterSomeTrials) {
  Pace pace;
  record(pace, 1000, 10us, Pace::kTrials - 1);
  EXPECT_EQ(pace.place(1000), Place::thread);
  pace.record(1000, 10us);
  EXPECT_EQ(pace.place(1000), Place::here);
  EXPECT_EQ(pace.average(1000), 10us);
}

TEST(Pace, EachSizeIsJudgedApart) {
  Pace pace;
  record(pace, 1024, 10us, 10);
  record(pace, 200 << 10, 3ms, 10);
  EXPECT_EQ(pace.place(500), Place::here);
  EXPECT_EQ(pace.place(1025), Place::thread);
  EXPECT_EQ(pace.place(200 << 10), Place::thread);
  EXPECT_EQ(pace.average(16 << 10), std::nullopt);
}

TEST(Pace, TheBoundsAreApart) {
  Pace pace;
  record(pace, 10, 150us, 20);
  EXPECT_EQ(pace.place(10), Place::thread);
  record(pace, 10, 20us, 40);
  EXPECT_EQ(pace.place(10), Place::here);
  record(pace, 10, 150us, 40);
  EXPECT_EQ(pace.place(10), Place::here) << "not slow enough to leave";
  record(pace, 10, 300us, 40);
  EXPECT_EQ(pace.place(10), Place::thread);
}

TEST(Pace, OneTimeoutIsFeltAndForgotten) {
  Pace pace;
  record(pace, 10, 10us, 20);
  pace.record(10, 50ms);
  EXPECT_EQ(pace.place(10), Place::thread);
  record(pace, 10, 10us, 60);
  EXPECT_EQ(pace.place(10), Place::here);
}

TEST(Pace, HugeAndNegativeTimesAreClipped) {
  Pace pace;
  record(pace, 10, 1h, 10);
  EXPECT_LE(*pace.average(10), 5s);
  pace.record(10, -1ns);
  EXPECT_GE(*pace.average(10), 0ns);
}

}  // namespace
}  // namespace butter::wasm
