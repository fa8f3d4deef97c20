#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "credential/fetch.h"
#include "credential/store.h"
#include "log/logger.h"

namespace butter::credential {

/// Seconds until a credential that was fetched now is fetched again: five minutes before its end,
/// or half of what is left where that is less than ten.
[[nodiscard]] std::int64_t renewal_delay(std::int64_t expires, std::int64_t now) noexcept;
/// Seconds until the next try after `failures` in a row: 1, 2, 4, ... 60.
[[nodiscard]] std::int64_t retry_delay(unsigned failures) noexcept;

/// Keeps one Store filled from one Source, as long as somebody holds the Store. Thread: the loop's.
class Refresher {
 public:
  /// \param name  of the provider, for the log
  Refresher(net::Loop& loop, net::Resolver& resolver, log::Logger& logger, std::string name,
            std::unique_ptr<Source> source, std::weak_ptr<Store> store, Fetch::Clock clock);

  void start() { fetch(); }
  /// Nobody holds the Store any more.
  [[nodiscard]] bool over() const noexcept { return store_.expired(); }

 private:
  void fetch();
  void fetched(const Result<Credential>& result);

  net::Loop& loop_;
  log::Logger& logger_;
  std::string name_;
  std::unique_ptr<Source> source_;
  std::weak_ptr<Store> store_;
  Fetch::Clock clock_;
  unsigned failures_ = 0;
  Fetch fetch_;
  net::Timer timer_;
};

}  // namespace butter::credential
