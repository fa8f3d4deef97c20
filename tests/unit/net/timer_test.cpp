#include "net/timer.h"

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace butter::net {
namespace {

constexpr TimePoint kStart{1'000'000'123ns};

/// A timer that counts its calls and may do something in them.
struct Alarm {
  Alarm() : timer(Timer::calling<&Alarm::ring>(this)) {}
  void ring() {
    ++rung;
    if (then) { then(); }
  }
  int rung = 0;
  std::function<void()> then;
  Timer timer;
};

struct RoundingCase {
  const char* name;
  Duration after;
  Duration silent_at;  ///< the last moment without a call
  Duration rings_at;
};

class Rounding : public testing::TestWithParam<RoundingCase> {};

constexpr RoundingCase kRounding[] = {
    {"zero_is_the_next_tick", 0ns, 0ns, 1ms},
    {"negative_is_zero", -5s, 0ns, 1ms},
    {"a_nanosecond_is_rounded_up", 1ns, 999'999ns, 1ms},
    {"a_whole_millisecond", 1ms, 999'999ns, 1ms},
    {"just_above", 1'000'001ns, 1'999'999ns, 2ms},
    {"last_slot_of_the_first_level", 63ms, 62'999'999ns, 63ms},
    {"first_slot_of_the_second_level", 64ms, 63'999'999ns, 64ms},
    {"end_of_the_second_level", 4095ms, 4094'999'999ns, 4095ms},
    {"third_level", 4096ms, 4095'999'999ns, 4096ms},
    {"fourth_level", 262'144ms, 262'143'999'999ns, 262'144ms},
    {"hours", 4h, 14'399'999'999'999ns, 4h},
    {"longer_than_the_wheel_is_cut", 24h, 16'777'214ms, 16'777'216ms},
    {"years_do_not_overflow", Duration::max(), 16'777'214ms, 16'777'216ms},
};

TEST_P(Rounding, RingsOnTimeAndNeverEarly) {
  TimerWheel wheel(kStart);
  Alarm alarm;
  wheel.arm(alarm.timer, kStart, GetParam().after);
  EXPECT_TRUE(alarm.timer.armed());
  wheel.advance(kStart + GetParam().silent_at);
  EXPECT_EQ(alarm.rung, 0);
  wheel.advance(kStart + GetParam().rings_at);
  EXPECT_EQ(alarm.rung, 1);
  EXPECT_FALSE(alarm.timer.armed());
  wheel.advance(kStart + GetParam().rings_at + 5h);
  EXPECT_EQ(alarm.rung, 1);
}

INSTANTIATE_TEST_SUITE_P(Table, Rounding, testing::ValuesIn(kRounding),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(TimerWheel, WaitsAsLongAsToldWhenIdle) {
  const TimerWheel wheel(kStart);
  EXPECT_EQ(wheel.wait_ms(kStart, 60'000), 60'000);
}

TEST(TimerWheel, WaitsForTheNearestTimer) {
  TimerWheel wheel(kStart);
  Alarm near, far;
  wheel.arm(far.timer, kStart, 40ms);
  wheel.arm(near.timer, kStart, 7ms);
  EXPECT_EQ(wheel.wait_ms(kStart, 60'000), 7);
  EXPECT_EQ(wheel.wait_ms(kStart + 6'500us, 60'000), 1);
  EXPECT_EQ(wheel.wait_ms(kStart + 7ms, 60'000), 0);
  EXPECT_EQ(wheel.wait_ms(kStart + 1h, 60'000), 0);
  near.timer.cancel();
  EXPECT_EQ(wheel.wait_ms(kStart, 60'000), 40);
  EXPECT_EQ(wheel.wait_ms(kStart, 3), 3);
}

TEST(TimerWheel, ArmingAgainMovesATimer) {
  TimerWheel wheel(kStart);
  Alarm alarm;
  wheel.arm(alarm.timer, kStart, 10ms);
  wheel.arm(alarm.timer, kStart, 300ms);
  wheel.advance(kStart + 299ms);
  EXPECT_EQ(alarm.rung, 0);
  wheel.arm(alarm.timer, kStart + 299ms, 5ms);
  wheel.advance(kStart + 304ms);
  EXPECT_EQ(alarm.rung, 1);
}

TEST(TimerWheel, DestroyingCancels) {
  TimerWheel wheel(kStart);
  Alarm stays;
  wheel.arm(stays.timer, kStart, 5ms);
  {
    Alarm goes;
    wheel.arm(goes.timer, kStart, 5ms);
  }
  wheel.advance(kStart + 1s);
  EXPECT_EQ(stays.rung, 1);
}

TEST(TimerWheel, CancellingTwiceOrUnarmedIsNothing) {
  TimerWheel wheel(kStart);
  Alarm alarm;
  alarm.timer.cancel();
  wheel.arm(alarm.timer, kStart, 5ms);
  alarm.timer.cancel();
  alarm.timer.cancel();
  EXPECT_FALSE(alarm.timer.armed());
  wheel.advance(kStart + 1s);
  EXPECT_EQ(alarm.rung, 0);
}

TEST(TimerWheel, ACallbackMayCancelOneThatIsDueAtTheSameTime) {
  TimerWheel wheel(kStart);
  Alarm first, second;
  first.then = [&] { second.timer.cancel(); };
  second.then = [&] { first.timer.cancel(); };
  wheel.arm(first.timer, kStart, 5ms);
  wheel.arm(second.timer, kStart, 5ms);
  wheel.advance(kStart + 5ms);
  EXPECT_EQ(first.rung + second.rung, 1);
}

TEST(TimerWheel, ACallbackMayArmItselfAndDoesNotSpin) {
  TimerWheel wheel(kStart);
  Alarm alarm;
  TimePoint now = kStart + 5ms;
  alarm.then = [&] { wheel.arm(alarm.timer, now, 0ns); };
  wheel.arm(alarm.timer, kStart, 1ms);
  wheel.advance(now);
  EXPECT_LE(alarm.rung, 3);  // once for each tick that is over, at most
  const int before = alarm.rung;
  now += 1ms;
  wheel.advance(now);
  EXPECT_EQ(alarm.rung, before + 1);
}

TEST(TimerWheel, TimersOfTheSameLevelRingInTheOrderOfTime) {
  TimerWheel wheel(kStart);
  std::deque<Alarm> alarms(200);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < alarms.size(); ++i) {
    alarms[i].then = [&order, i] { order.push_back(i); };
    wheel.arm(alarms[i].timer, kStart, std::chrono::milliseconds(5 * (alarms.size() - i)));
  }
  wheel.advance(kStart + 1h);  // in one leap
  ASSERT_EQ(order.size(), alarms.size());
  for (std::size_t i = 0; i < order.size(); ++i) { EXPECT_EQ(order[i], alarms.size() - 1 - i); }
}

/// The wheel against a sorted list: the same timers ring in the same millisecond.
class Model {
 public:
  explicit Model(unsigned seed) : random_(seed), alarms_(1500), due_(alarms_.size(), list_.end()) {
    for (std::size_t i = 0; i < alarms_.size(); ++i) {
      alarms_[i].then = [this, i] { on_ring(i); };
    }
  }

  void step() {
    const std::size_t i = random_() % alarms_.size();
    if (random_() % 4 == 0) {
      alarms_[i].timer.cancel();
      forget(i);
    } else {
      arm(i);
    }
  }

  void leap() {
    const int wait = wheel_.wait_ms(now_, 60'000);
    if (list_.empty()) {
      EXPECT_EQ(wait, 60'000);
    } else {
      // One millisecond for the tick, one for the wait: both are rounded up.
      EXPECT_LT(now_ + std::chrono::milliseconds(wait), list_.begin()->first + 2ms);
    }
    // As the loop does: as long as the wheel says, or less when a socket wakes it, or late.
    Duration time = std::chrono::milliseconds(wait);
    if (random_() % 3 == 0) { time = std::chrono::microseconds(random_() % 3'000'000); }
    now_ += time;
    wheel_.advance(now_);
    while (!list_.empty() && list_.begin()->first + 1ms <= now_) {
      ADD_FAILURE() << "a timer did not ring at "
                    << list_.begin()->first.time_since_epoch().count();
      list_.erase(list_.begin());
    }
  }

  [[nodiscard]] std::size_t rung() const { return rung_; }
  [[nodiscard]] Duration simulated() const { return now_ - kStart; }

 private:
  using List = std::multimap<TimePoint, std::size_t>;

  void arm(std::size_t i) {
    // From nothing to hours, with every magnitude equally likely.
    const Duration after = std::chrono::microseconds(random_() % (1ull << (random_() % 34)));
    wheel_.arm(alarms_[i].timer, now_, after);
    forget(i);
    due_[i] = list_.emplace(now_ + after, i);
  }

  void forget(std::size_t i) {
    if (due_[i] != list_.end()) { list_.erase(std::exchange(due_[i], list_.end())); }
  }

  void on_ring(std::size_t i) {
    ++rung_;
    if (due_[i] == list_.end()) {
      ADD_FAILURE() << "a cancelled timer rang";
      return;
    }
    EXPECT_LE(due_[i]->first, now_) << "early";
    forget(i);
    if (random_() % 5 == 0) { arm(random_() % alarms_.size()); }
  }

  std::mt19937_64 random_;
  TimePoint now_ = kStart;
  TimerWheel wheel_{kStart};
  List list_;
  std::deque<Alarm> alarms_;
  std::vector<List::iterator> due_;
  std::size_t rung_ = 0;
};

class AgainstASortedList : public testing::TestWithParam<unsigned> {};

TEST_P(AgainstASortedList, RingsTheSameTimers) {
  Model model(GetParam());
  for (int round = 0; round < 4000 && !testing::Test::HasFailure(); ++round) {
    for (int i = 0; i < 10; ++i) { model.step(); }
    model.leap();
  }
  EXPECT_GT(model.rung(), 5000u);
  EXPECT_GT(model.simulated(), 10min);
}

INSTANTIATE_TEST_SUITE_P(Seeds, AgainstASortedList, testing::Range(1u, 9u));

}  // namespace
}  // namespace butter::net
