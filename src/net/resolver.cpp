#include "net/resolver.h"

#include <netdb.h>

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace butter::net {

namespace {

constexpr Duration kFoundFor = 30s;
constexpr Duration kFailedFor = 2s;
constexpr std::size_t kMostNames = 4096;

Resolver::Answer get_addresses(const std::string& host) {
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

/// What the resolver and its thread share.
struct Resolver::State {
  struct Waiting {
    Loop* loop;
    OnAnswer on_answer;
  };
  struct Entry {
    std::shared_ptr<const Answer> answer;
    TimePoint expires;
    std::vector<Waiting> waiting;  ///< not empty while it is being looked up
  };
  using Cache = std::map<std::string, Entry, std::less<>>;

  explicit State(LookUp function) : look_up(function) {}
  void run();

  const LookUp look_up;
  std::mutex mutex;
  std::condition_variable wake;
  Cache cache;                    // guarded by mutex
  std::deque<std::string> queue;  // guarded by mutex
  bool started = false;           // guarded by mutex: the thread, with the first name
  bool stop = false;              // guarded by mutex
};

Resolver::Resolver() : Resolver(&get_addresses) {}

Resolver::Resolver(LookUp look_up) : state_(std::make_shared<State>(look_up)) {}

Resolver::~Resolver() {
  State::Cache dropped;  // the callbacks go here, on the thread of who asked for the end
  {
    const std::lock_guard lock(state_->mutex);
    state_->stop = true;
    dropped.swap(state_->cache);
  }
  state_->wake.notify_one();
}

void Resolver::resolve(const std::string& host, Loop& loop, OnAnswer on_answer) {
  if (const auto literal = Address::literal(host, 0)) {
    on_answer(Answer(std::vector{*literal}));
    return;
  }
  std::shared_ptr<const Answer> known;
  {
    const std::lock_guard lock(state_->mutex);
    State::Cache& cache = state_->cache;
    if (cache.size() > kMostNames) {
      std::erase_if(cache, [](const auto& item) { return item.second.waiting.empty(); });
    }
    State::Entry& entry = cache[host];
    if (entry.answer && entry.expires > std::chrono::steady_clock::now()) {
      known = entry.answer;
    } else {
      entry.waiting.push_back({&loop, std::move(on_answer)});
      if (entry.waiting.size() == 1) { state_->queue.push_back(host); }
      if (!std::exchange(state_->started, true)) {
        std::thread([state = state_] { state->run(); }).detach();
      }
    }
  }
  if (known) {
    on_answer(*known);  // NOLINT(bugprone-use-after-move): moved only where nothing is known
  } else {
    state_->wake.notify_one();
  }
}

void Resolver::State::run() {
  std::unique_lock lock(mutex);
  while (true) {
    wake.wait(lock, [this] { return stop || !queue.empty(); });
    if (stop) { return; }
    const std::string host = std::move(queue.front());
    queue.pop_front();
    lock.unlock();
    const auto answer = std::make_shared<const Answer>(look_up(host));
    lock.lock();
    if (stop) { return; }
    Entry& entry = cache[host];
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
