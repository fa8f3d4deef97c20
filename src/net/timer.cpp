#include "net/timer.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace butter::net {

namespace {
constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();
}

void Timer::cancel() noexcept {
  if (wheel_ != nullptr) { wheel_->unlink(*this); }
}

std::uint64_t TimerWheel::tick_of(TimePoint t) const noexcept {
  const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(t - start_).count();
  return elapsed > 0 ? static_cast<std::uint64_t>(elapsed) : 0;
}

void TimerWheel::arm(Timer& timer, TimePoint now, Duration after) noexcept {
  timer.cancel();
  // Cut before it is added: a limit of years must not overflow the clock.
  constexpr Duration kLongest = std::chrono::milliseconds(1ll << (kBits * kLevels));
  const TimePoint due = now + std::clamp(after, Duration::zero(), kLongest) + 999'999ns;
  const std::uint64_t longest = now_tick_ + (1ull << (kBits * kLevels)) - 1;
  timer.tick_ = std::clamp(tick_of(due), now_tick_ + 1, longest);
  link(timer);
}

void TimerWheel::link(Timer& timer) noexcept {
  // The level is that of the highest digit in which the due tick differs from now.
  const std::uint64_t differs = timer.tick_ ^ now_tick_;
  const unsigned level =
      differs == 0 ? 0 : (static_cast<unsigned>(std::bit_width(differs)) - 1) / kBits;
  timer.level_ = static_cast<std::uint8_t>(std::min(level, kLevels - 1));
  timer.slot_ = static_cast<std::uint8_t>((timer.tick_ >> (kBits * timer.level_)) & (kSlots - 1));
  Timer** const head = &slots_[timer.level_][timer.slot_];
  timer.next_ = *head;
  timer.link_ = head;
  if (timer.next_ != nullptr) { timer.next_->link_ = &timer.next_; }
  *head = &timer;
  timer.wheel_ = this;
  busy_[timer.level_] |= 1ull << timer.slot_;
}

void TimerWheel::unlink(Timer& timer) noexcept {
  *timer.link_ = timer.next_;
  if (timer.next_ != nullptr) { timer.next_->link_ = timer.link_; }
  if (slots_[timer.level_][timer.slot_] == nullptr) {
    busy_[timer.level_] &= ~(1ull << timer.slot_);
  }
  timer.wheel_ = nullptr;
}

void TimerWheel::cascade(unsigned level) noexcept {
  const unsigned slot = (now_tick_ >> (kBits * level)) & (kSlots - 1);
  while (Timer* const timer = slots_[level][slot]) {
    unlink(*timer);
    link(*timer);
  }
}

std::uint64_t TimerWheel::next_busy_tick() const noexcept {
  std::uint64_t best = kNever;
  for (unsigned level = 0; level < kLevels; ++level) {
    if (busy_[level] == 0) { continue; }
    const unsigned shift = kBits * level;
    const unsigned here = (now_tick_ >> shift) & (kSlots - 1);
    // Slots at or before `here` belong to the next round of this level.
    const std::uint64_t turned =
        std::rotr(busy_[level], static_cast<int>((here + 1) & (kSlots - 1)));
    const auto ahead = static_cast<std::uint64_t>(std::countr_zero(turned)) + 1;
    best = std::min(best, ((now_tick_ >> shift) + ahead) << shift);
  }
  return best;
}

void TimerWheel::advance(TimePoint now) noexcept {
  const std::uint64_t target = tick_of(now);
  while (now_tick_ < target) {
    const std::uint64_t next = next_busy_tick();
    if (next > target) {
      now_tick_ = target;
      return;
    }
    now_tick_ = next;
    for (unsigned level = kLevels - 1; level > 0; --level) {
      if ((now_tick_ & ((1ull << (kBits * level)) - 1)) == 0) { cascade(level); }
    }
    const unsigned slot = now_tick_ & (kSlots - 1);
    while (Timer* const timer = slots_[0][slot]) {
      if (timer->tick_ > now_tick_) { break; }  // armed by a callback for a later round
      unlink(*timer);
      timer->callback_(timer->owner_);
    }
  }
}

int TimerWheel::wait_ms(TimePoint now, int most) const noexcept {
  const std::uint64_t next = next_busy_tick();
  if (next == kNever) { return most; }
  const TimePoint due = start_ + std::chrono::milliseconds(next);
  if (due <= now) { return 0; }
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(due - now).count();
  return static_cast<int>(std::min<std::int64_t>(wait, most));
}

}  // namespace butter::net
