#pragma once

#include <array>
#include <cstdint>

#include "base/clock.h"

namespace butter::net {

class TimerWheel;

/// Calls a function once, some time from now. Destroying it cancels it; arming it again moves it.
/// Thread: worker-local.
class Timer {
 public:
  using Callback = void (*)(void* owner);

  Timer(Callback callback, void* owner) noexcept : callback_(callback), owner_(owner) {}
  ~Timer() { cancel(); }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  /// A timer that calls `(owner->*Method)()`.
  template <auto Method, class Owner>
  [[nodiscard]] static Timer calling(Owner* owner) noexcept {
    return Timer([](void* o) { (static_cast<Owner*>(o)->*Method)(); }, owner);
  }

  [[nodiscard]] bool armed() const noexcept { return wheel_ != nullptr; }
  void cancel() noexcept;

 private:
  friend class TimerWheel;
  Callback callback_;
  void* owner_;
  TimerWheel* wheel_ = nullptr;  ///< nullptr = not armed
  Timer* next_ = nullptr;
  Timer** link_ = nullptr;  ///< what points at this timer
  std::uint64_t tick_ = 0;  ///< when it is due
  std::uint8_t level_ = 0, slot_ = 0;
};

/// Timers of one loop: a hierarchical wheel with ticks of one millisecond, so that arming, moving
/// and cancelling take a few nanoseconds however many there are. Source: Varghese and Lauck, 1987.
/// Thread: worker-local.
class TimerWheel {
 public:
  explicit TimerWheel(TimePoint start) noexcept : start_(start) {}
  TimerWheel(const TimerWheel&) = delete;
  TimerWheel& operator=(const TimerWheel&) = delete;

  /// \param after  rounded up to the next millisecond; at most about 4.6 hours, longer is cut to it
  void arm(Timer& timer, TimePoint now, Duration after) noexcept;

  /// Calls what is due at `now`. Callbacks may arm and cancel any timer.
  void advance(TimePoint now) noexcept;

  /// Milliseconds from `now` until advance() has something to do: 0 to `most`; `most` when idle.
  [[nodiscard]] int wait_ms(TimePoint now, int most) const noexcept;

 private:
  friend class Timer;
  static constexpr unsigned kBits = 6;
  static constexpr unsigned kSlots = 1u << kBits;
  static constexpr unsigned kLevels = 4;

  [[nodiscard]] std::uint64_t tick_of(TimePoint t) const noexcept;
  [[nodiscard]] std::uint64_t next_busy_tick() const noexcept;
  void link(Timer& timer) noexcept;
  void unlink(Timer& timer) noexcept;
  void cascade(unsigned level) noexcept;

  const TimePoint start_;
  std::uint64_t now_tick_ = 0;  ///< all ticks up to here are done
  std::array<std::array<Timer*, kSlots>, kLevels> slots_{};
  std::array<std::uint64_t, kLevels> busy_{};  ///< bit i: slots_[level][i] is not empty
};

}  // namespace butter::net
