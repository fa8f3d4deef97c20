#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "net/address.h"
#include "net/loop.h"

namespace butter::net {

/// Names to addresses by getaddrinfo (so nsswitch, /etc/hosts and search lists hold) on one helper
/// thread, with a cache: 30 s for what was found, 2 s for what was not. Names under way are asked
/// for once. Thread: any (synchronised inside).
class Resolver {
 public:
  using Answer = Result<std::vector<Address>>;  ///< ports are 0; in the order to try
  using OnAnswer = std::move_only_function<void(const Answer&)>;

  Resolver();
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  /// Calls back on `loop`: at once when the answer is known, else later. The callback must look
  /// after its own life: it cannot be taken back.
  void resolve(const std::string& host, Loop& loop, OnAnswer on_answer);

 private:
  struct Waiting {
    Loop* loop;
    OnAnswer on_answer;
  };
  struct Entry {
    std::shared_ptr<const Answer> answer;
    TimePoint expires;
    std::vector<Waiting> waiting;  ///< not empty while it is being looked up
  };
  void run();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::map<std::string, Entry, std::less<>> cache_;  // guarded by mutex_
  std::deque<std::string> queue_;                    // guarded by mutex_
  bool stop_ = false;                                // guarded by mutex_
  std::thread thread_;                               // started with the first name
};

}  // namespace butter::net
