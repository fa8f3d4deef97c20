#include "credential/refresher.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace butter::credential {

std::int64_t renewal_delay(std::int64_t expires, std::int64_t now) noexcept {
  constexpr std::int64_t kEarly = 300;
  const std::int64_t left = expires - now;
  return std::max<std::int64_t>(left > 2 * kEarly ? left - kEarly : left / 2, 1);
}

std::int64_t retry_delay(unsigned failures) noexcept {
  constexpr std::int64_t kMost = 60;
  return failures > 6 ? kMost : std::min(kMost, std::int64_t{1} << (failures - 1));
}

Refresher::Refresher(net::Loop& loop, net::Resolver& resolver, log::Logger& logger,
                     std::string name, std::unique_ptr<Source> source, std::weak_ptr<Store> store,
                     Fetch::Clock clock)
    : loop_(loop),
      logger_(logger),
      name_(std::move(name)),
      source_(std::move(source)),
      store_(std::move(store)),
      clock_(std::move(clock)),
      fetch_(loop, resolver, *source_, clock_),
      timer_(net::Timer::calling<&Refresher::fetch>(this)) {}

void Refresher::fetch() {
  if (over()) { return; }
  fetch_.start([this](const Result<Credential>& result) { fetched(result); });
}

void Refresher::fetched(const Result<Credential>& result) {
  using log::field;
  const std::shared_ptr<Store> store = store_.lock();
  if (!store) { return; }
  if (result) {
    store->put(*result);
    failures_ = 0;
    logger_.info("credential fetched", field("provider", name_), field("from", source_->name()));
    if (result->expires == 0) { return; }
    loop_.arm(timer_, std::chrono::seconds(renewal_delay(result->expires, clock_())));
  } else {
    store->put_failure(result.error().detail);
    ++failures_;
    logger_.warn("credential not fetched", field("provider", name_),
                 field("error", result.error().detail));
    loop_.arm(timer_, std::chrono::seconds(retry_delay(failures_)));
  }
  logger_.flush();
}

}  // namespace butter::credential
