#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

#include "base/clock.h"
#include "net/loop.h"

namespace butter::upstream {

/// Counts what is under way at one provider, on all workers together, and keeps who is too many in
/// a queue. Whose turn it is hears of it on the loop it waits on. Thread: any (one mutex; taken
/// only where a cap is configured).
class Gate {
  struct Guest;  ///< one who waits

 public:
  struct Bounds {
    std::uint32_t inside = 1;   ///< at one time
    std::uint32_t waiting = 0;  ///< beyond these
  };
  enum class Entry : std::uint8_t { inside, waiting, full };

  /// One request's place, in the queue or inside. Destroying it gives the place to the next.
  /// Thread: that of the loop it entered with.
  class Place {
   public:
    Place() noexcept = default;
    ~Place() { leave(); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    /// \param gate     outlives the place
    /// \param on_turn  called once, from the loop, when a place that waited has come inside; never
    ///                 after leave()
    [[nodiscard]] Entry enter(Gate& gate, Bounds bounds, net::Loop& loop, net::Loop::Task on_turn);
    void leave() noexcept;  ///< nothing when it has no place

   private:
    Gate* gate_ = nullptr;          ///< nullptr = no place
    std::shared_ptr<Guest> guest_;  ///< nullptr when it came in at once
  };

  /// Since when the first in the queue has waited; nullopt = nobody waits.
  [[nodiscard]] std::optional<TimePoint> first_waits_since() const;
  [[nodiscard]] std::size_t inside() const;
  [[nodiscard]] std::size_t waiting() const;

 private:
  void leave(Guest* guest) noexcept;

  mutable std::mutex mutex_;
  std::size_t inside_ = 0;                    // guarded by mutex_
  std::deque<std::shared_ptr<Guest>> queue_;  // guarded by mutex_
};

}  // namespace butter::upstream
