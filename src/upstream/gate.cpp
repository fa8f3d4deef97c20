#include "upstream/gate.h"

#include <algorithm>
#include <utility>

namespace butter::upstream {

struct Gate::Guest {
  net::Loop& loop;          ///< lives as long as the guest is in the queue
  net::Loop::Task on_turn;  ///< touched on the loop's thread only; empty = has left
  std::uint32_t most;       ///< comes inside when fewer are
  TimePoint since;
};

Gate::Entry Gate::Place::enter(Gate& gate, Bounds bounds, net::Loop& loop,
                               net::Loop::Task on_turn) {
  leave();
  const std::lock_guard lock(gate.mutex_);
  if (gate.queue_.empty() && gate.inside_ < bounds.inside) {
    ++gate.inside_;
    gate_ = &gate;
    return Entry::inside;
  }
  if (gate.queue_.size() >= bounds.waiting) { return Entry::full; }
  guest_ = std::make_shared<Guest>(loop, std::move(on_turn), bounds.inside, loop.now());
  gate.queue_.push_back(guest_);
  gate_ = &gate;
  return Entry::waiting;
}

void Gate::Place::leave() noexcept {
  if (gate_ == nullptr) { return; }
  const std::shared_ptr<Guest> guest = std::exchange(guest_, nullptr);
  if (guest) { guest->on_turn = nullptr; }
  std::exchange(gate_, nullptr)->leave(guest.get());
}

void Gate::leave(Guest* guest) noexcept {
  const std::lock_guard lock(mutex_);
  const auto waits = std::ranges::find(queue_, guest, &std::shared_ptr<Guest>::get);
  if (guest != nullptr && waits != queue_.end()) {
    queue_.erase(waits);
  } else {
    --inside_;
  }
  while (!queue_.empty() && inside_ < queue_.front()->most) {
    ++inside_;
    const std::shared_ptr<Guest> next = std::move(queue_.front());
    queue_.pop_front();
    // Under the lock: until it is taken, who waits cannot leave, nor its loop end.
    next->loop.post([next] {
      if (next->on_turn) { std::exchange(next->on_turn, nullptr)(); }
    });
  }
}

std::optional<TimePoint> Gate::first_waits_since() const {
  const std::lock_guard lock(mutex_);
  return queue_.empty() ? std::nullopt : std::optional(queue_.front()->since);
}

std::size_t Gate::inside() const {
  const std::lock_guard lock(mutex_);
  return inside_;
}

std::size_t Gate::waiting() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

}  // namespace butter::upstream
