#include "net/resolver.h"

#include <netdb.h>

#include <utility>

namespace butter::net {

namespace {

constexpr Duration kFoundFor = 30s;
constexpr Duration kFailedFor = 2s;
constexpr std::size_t kMostNames = 4096;

Resolver::Answer look_up(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  if (const int code = ::getaddrinfo(host.c_str(), nullptr, &hints, &found); code != 0) {
    return fail(Errc::upstream_connect, "lookup " + host + ": " + ::gai_strerror(code));
  }
  std::vector<Address> addresses;
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    addresses.emplace_back(at->ai_addr, at->ai_addrlen);
  }
  ::freeaddrinfo(found);
  return addresses;
}

}  // namespace

Resolver::Resolver() = default;

Resolver::~Resolver() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) { thread_.join(); }
}

void Resolver::resolve(const std::string& host, Loop& loop, OnAnswer on_answer) {
  if (const auto literal = Address::literal(host, 0)) {
    on_answer(Answer(std::vector{*literal}));
    return;
  }
  std::shared_ptr<const Answer> known;
  {
    const std::lock_guard lock(mutex_);
    if (cache_.size() > kMostNames) {
      std::erase_if(cache_, [](const auto& item) { return item.second.waiting.empty(); });
    }
    Entry& entry = cache_[host];
    if (entry.answer && entry.expires > std::chrono::steady_clock::now()) {
      known = entry.answer;
    } else {
      entry.waiting.push_back({&loop, std::move(on_answer)});
      if (entry.waiting.size() == 1) { queue_.push_back(host); }
      if (!thread_.joinable()) {
        thread_ = std::thread([this] { run(); });
      }
    }
  }
  if (known) {
    on_answer(*known);  // NOLINT(bugprone-use-after-move): moved only where nothing is known
  } else {
    wake_.notify_one();
  }
}

void Resolver::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stop_ || !queue_.empty(); });
    if (stop_) { return; }
    const std::string host = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    const auto answer = std::make_shared<const Answer>(look_up(host));
    lock.lock();
    Entry& entry = cache_[host];
    entry.answer = answer;
    entry.expires =
        std::chrono::steady_clock::now() + (answer->has_value() ? kFoundFor : kFailedFor);
    for (Waiting& waiting : std::exchange(entry.waiting, {})) {
      waiting.loop->post(
          [answer, reply = std::move(waiting.on_answer)]() mutable { reply(*answer); });
    }
  }
}

}  // namespace butter::net
