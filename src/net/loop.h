#pragma once

#include <sys/epoll.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/fd.h"
#include "net/timer.h"

namespace butter::net {

/// What epoll reported of a descriptor.
struct Ready {
  bool readable = false;
  bool writable = false;
  bool hangup = false;  ///< the peer closed its side, or the connection failed: read until the end
};

/// Something that watches a descriptor. Thread: worker-local.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual void on_io(Ready ready) = 0;
};

/// One epoll loop: descriptors, timers, a mailbox for other threads. Edge-triggered, so a handler
/// reads until the socket is drained and writes until it is full, and never asks again.
/// Thread: the one that calls run(), except post() and stop().
class Loop {
 public:
  using Task = std::move_only_function<void()>;

  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void run();   ///< until stop(); may be called again
  void stop();  ///< Thread: any

  /// Runs `task` on the loop's thread, soon. Thread: any (synchronised inside).
  void post(Task task);

  /// Watches both directions until unwatch(). \return false when the kernel refuses (ENOSPC,
  /// ENOMEM)
  [[nodiscard]] bool watch(int fd, Handler& handler);
  /// Asks for an event again, though nothing new happens: on_io comes in a later batch when the
  /// descriptor is ready. For one who may not read now, because the scratch may be in use.
  void rewatch(int fd, Handler& handler) noexcept;
  /// Events of this handler that wait in the current batch are dropped.
  void unwatch(int fd, Handler& handler);

  /// Destroys the handler when the current batch of events is done, so that it may ask for it
  /// itself.
  void dispose(std::unique_ptr<Handler> handler) { graveyard_.push_back(std::move(handler)); }

  /// The time at which the current batch began.
  [[nodiscard]] TimePoint now() const noexcept { return now_; }
  void arm(Timer& timer, Duration after) noexcept { timers_.arm(timer, now_, after); }

  /// Bytes to read into. What is read must be used up before control returns to the loop.
  [[nodiscard]] std::span<char> scratch() noexcept { return {scratch_.get(), kScratchBytes}; }

  static constexpr std::size_t kScratchBytes = 64 * 1024;
  static constexpr std::size_t kScratchTail = 64;  ///< readable bytes behind the scratch

 private:
  class Mailbox;
  void dispatch(int count);

  Fd epoll_;
  TimePoint now_;
  TimerWheel timers_;
  std::unique_ptr<char[]> scratch_;
  std::unique_ptr<Mailbox> mailbox_;
  std::vector<std::unique_ptr<Handler>> graveyard_;
  std::array<epoll_event, 256> batch_;
  int batch_size_ = 0;
  bool stop_ = false;
};

}  // namespace butter::net
