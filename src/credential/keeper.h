#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "config/config.h"
#include "config/load.h"
#include "credential/refresher.h"
#include "credential/store.h"
#include "log/logger.h"
#include "net/loop.h"
#include "net/resolver.h"

namespace butter::credential {

/// Fetches and renews the credentials of all providers, on a loop and a thread of its own that
/// begins with the first one: no worker ever waits for it. Thread: any.
class Keeper {
 public:
  /// \param sink  outlives it
  Keeper(log::Sink& sink, log::Level least);
  ~Keeper();
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

  /// The store of a provider, renewed as long as somebody holds it. One whose source is the same as
  /// before a reload is the same. Where a credential cannot be had at all the store says why.
  [[nodiscard]] std::shared_ptr<const Store> keep(const config::Provider& provider,
                                                  const config::Environment& env);

 private:
  void add(std::string name, std::unique_ptr<Source> source, const std::shared_ptr<Store>& store);

  net::Loop loop_;
  net::Resolver resolver_;                              // its answers go to loop_
  log::Logger logger_;                                  // the thread's
  std::vector<std::unique_ptr<Refresher>> refreshers_;  // the thread's
  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<Store>, std::less<>> stores_;  // guarded by mutex_
  std::thread thread_;                                               // guarded by mutex_
};

}  // namespace butter::credential
