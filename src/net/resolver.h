#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "net/address.h"
#include "net/loop.h"

namespace butter::net {

/// Names to addresses by getaddrinfo (so nsswitch, /etc/hosts and search lists hold) on one helper
/// thread, with a cache: 30 s for what was found, 2 s for what was not. Names under way are asked
/// for once. Destroying it waits for no look-up: answers that come later are dropped.
/// Thread: any (synchronised inside).
class Resolver {
 public:
  using Answer = Result<std::vector<Address>>;  ///< ports are 0; in the order to try
  using OnAnswer = std::move_only_function<void(const Answer&)>;

  /// What is asked for each name, on the helper thread; it may block for long.
  using LookUp = Answer (*)(const std::string& host);

  Resolver();
  explicit Resolver(LookUp look_up);
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  /// Calls back on `loop`: at once when the answer is known, else later. The callback must look
  /// after its own life: it cannot be taken back. The loop outlives the resolver.
  void resolve(const std::string& host, Loop& loop, OnAnswer on_answer);

 private:
  struct State;

  std::shared_ptr<State> state_;  ///< shared with the thread, which may be in a look-up at the end
};

}  // namespace butter::net
