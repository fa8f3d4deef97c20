#pragma once

#include <cstddef>
#include <cstdint>

#include "net/loop.h"
#include "provider/mock.h"
#include "upstream/call.h"

namespace butter::gateway {

/// A call that the built-in provider answers, without a network: tells a CallSink the same events
/// in the same order as an upstream::Call, from the loop, never from inside start(). Thread:
/// worker-local.
class LocalCall {
 public:
  explicit LocalCall(net::Loop& loop) noexcept;

  void start(provider::MockAnswer answer, upstream::CallSink& sink);
  void cancel() noexcept;
  void pause() noexcept { paused_ = true; }
  void resume();

 private:
  void step();

  net::Loop& loop_;
  upstream::CallSink* sink_ = nullptr;
  provider::MockAnswer answer_;
  std::size_t next_ = 0;
  std::uint32_t run_ = 0;  ///< changes with start() and cancel()
  bool head_told_ = false;
  bool paused_ = false;
  net::Timer timer_;
};

}  // namespace butter::gateway
