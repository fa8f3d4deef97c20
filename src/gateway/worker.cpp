#include "gateway/worker.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace butter::gateway {

namespace {

constexpr std::size_t kSpareBuffers = 1024;
constexpr std::size_t kLargestSpare = 64 * 1024;
constexpr Duration kLogEvery = 100ms;
constexpr Duration kHandshakes = 100ms;  ///< within which a connection that has begun is open

}  // namespace

Worker::Worker(Shared& shared, std::shared_ptr<const Snapshot> snapshot, Fd listening,
               std::uint64_t seed)
    : shared_(shared),
      random_(seed),
      logger_(shared.sink, snapshot->config().log_level),
      log_timer_(net::Timer::calling<&Worker::flush_logs>(this)),
      retire_timer_(net::Timer::calling<&Worker::drop_retired>(this)),
      listener_timer_(net::Timer::calling<&Worker::close_listener>(this)) {
  spare_.reserve(kSpareBuffers);
  adopt(std::move(snapshot));
  listener_ = std::make_unique<net::Listener>(
      loop_, std::move(listening),
      [this](Fd fd, const net::Address& peer) { accept(std::move(fd), peer); },
      [this](int error) {
        logger_.warn("accepting paused", log::field("error", std::strerror(error)));
      });
  shared_.telemetries.push_back(&telemetry_);
}

Worker::~Worker() {
  listener_.reset();
  while (!connections_.empty()) { connections_.back()->terminate(); }
}

void Worker::run() {
  loop_.arm(log_timer_, kLogEvery);
  loop_.run();
  while (!connections_.empty()) { connections_.back()->terminate(); }
  logger_.flush();
}

void Worker::stop() {
  loop_.stop();
}

void Worker::install(std::shared_ptr<const Snapshot> snapshot, std::function<void()> done) {
  loop_.post([this, snapshot = std::move(snapshot), done = std::move(done)]() mutable {
    adopt(std::move(snapshot));
    if (done) { done(); }
  });
}

void Worker::adopt(std::shared_ptr<const Snapshot> snapshot) {
  auto made = std::make_shared<WorkerSnapshot>();
  for (std::size_t i = 0; i < snapshot->provider_count(); ++i) {
    const auto& endpoint = snapshot->endpoint(i);
    const auto& store = snapshot->credential(i);
    made->credentials.push_back(store ? std::make_unique<credential::Reader>(store) : nullptr);
    if (!endpoint) {
      made->pools.push_back(nullptr);
      continue;
    }
    auto& known = pools_[endpoint->id];
    auto pool = known.lock();
    if (!pool) {
      pool = std::make_shared<upstream::Pool>(loop_, shared_.resolver, endpoint);
      known = pool;
    }
    made->pools.push_back(std::move(pool));
  }
  made->limiter = limiter_for(*snapshot);
  const config::Server& server = snapshot->config().server;
  limits_ = {.max_head_bytes = server.max_head_bytes,
             .read_timeout = server.read_timeout,
             .write_timeout = server.write_timeout};
  logger_.set_level(snapshot->config().log_level);
  plugin::Counter& counter = *this;
  const plugin::Host* const before = snapshot_ ? snapshot_->plugins.get() : nullptr;
  made->plugins =
      std::make_unique<plugin::Host>(loop_, logger_, counter, snapshot->chain(), before);
  made->shared = std::move(snapshot);
  snapshot_ = std::move(made);
  std::erase_if(pools_, [](const auto& item) { return item.second.expired(); });
}

/// The one in force goes on, with its connection, while the server of the buckets is the same.
std::shared_ptr<RateLimiter> Worker::limiter_for(const Snapshot& snapshot) {
  const config::RateLimit& settings = snapshot.config().ratelimit;
  if (!settings.enabled) { return nullptr; }
  if (snapshot_ && snapshot_->limiter && snapshot_->limiter->server() == snapshot.redis()) {
    return snapshot_->limiter;
  }
  return std::make_shared<RateLimiter>(
      loop_, shared_.resolver, SharedBuckets{snapshot.redis(), settings.redis.key_prefix},
      shared_.ledger, shared_.without_redis, logger_, telemetry_.limiter_fallbacks);
}

void Worker::drain(std::function<void()> done) {
  loop_.post([this, done = std::move(done)]() mutable {
    on_drained_ = std::move(done);
    listener_->hold_off();
    loop_.arm(listener_timer_, kHandshakes);
    for (const auto& connection : connections_) { connection->drain(); }
  });
}

void Worker::cut_off() {
  loop_.post([this] {
    // Closing takes the connection out of the list: walk a copy.
    std::vector<server::Connection*> open;
    open.reserve(connections_.size());
    for (const auto& connection : connections_) { open.push_back(connection.get()); }
    for (server::Connection* const connection : open) { connection->cut_off(); }
  });
}

void Worker::close_listener() {
  listener_->close();
  listener_.reset();
  finish_drain_when_idle();
}

void Worker::finish_drain_when_idle() {
  if (on_drained_ && !listener_ && connections_.empty()) {
    logger_.flush();
    std::exchange(on_drained_, nullptr)();
  }
}

void Worker::accept(Fd fd, const net::Address& peer) {
  const std::uint32_t most = snapshot_->snapshot().config().server.max_connections;
  if (shared_.connections.load(std::memory_order_relaxed) >= most) {
    const std::string_view answer = refusal(503, "too many connections");
    net::Stream stream(std::move(fd));
    const iovec piece = net::to_iovec(answer);
    static_cast<void>(stream.write({&piece, 1}));
    stream.shut_down_writing();
    return;
  }
  net::set_no_delay(fd.get());
  auto connection = std::make_unique<server::Connection>(loop_, net::Stream(std::move(fd)), peer,
                                                         *this, *this, limits_);
  if (on_drained_) { connection->drain(); }
  connection->place = connections_.size();
  connections_.push_back(std::move(connection));
}

void Worker::on_open() {
  shared_.connections.fetch_add(1, std::memory_order_relaxed);
  telemetry_.connections.add();
  telemetry_.open_connections.add(1);
}

void Worker::on_close() {
  shared_.connections.fetch_sub(1, std::memory_order_relaxed);
  telemetry_.open_connections.add(-1);
}

void Worker::closed(server::Connection& connection) {
  std::unique_ptr<server::Connection> dead = std::move(connections_[connection.place]);
  if (connection.place + 1 != connections_.size()) {
    connections_[connection.place] = std::move(connections_.back());
    connections_[connection.place]->place = connection.place;
  }
  connections_.pop_back();
  loop_.dispose(std::move(dead));
  finish_drain_when_idle();
}

server::Exchange* Worker::begin(server::Connection& connection, const http::RequestHead& head) {
  const Path path = classify(head.method, head.path);
  if (path.kind != Path::Kind::relay && path.kind != Path::Kind::native) {
    answer_locally(connection, head, path);
    return nullptr;
  }
  Exchange& exchange = take_exchange();
  return exchange.begin(connection, head, path) ? &exchange : nullptr;
}

Exchange& Worker::take_exchange() {
  if (free_ == nullptr) {
    exchanges_.push_back(std::make_unique<Exchange>(*this, loop_));
    return *exchanges_.back();
  }
  return *std::exchange(free_, free_->next_free);
}

void Worker::recycle(Exchange& exchange) noexcept {
  exchange.next_free = std::exchange(free_, &exchange);
}

void Worker::lend(Buffer& buffer) {
  if (buffer.capacity() > 0 || spare_.empty()) { return; }
  buffer = std::move(spare_.back());
  spare_.pop_back();
}

void Worker::take_back(Buffer& buffer) {
  if (buffer.capacity() == 0) { return; }
  buffer.release(kLargestSpare);
  if (buffer.capacity() > 0 && spare_.size() < kSpareBuffers) {
    spare_.push_back(std::exchange(buffer, Buffer()));
  } else {
    buffer.release();
  }
}

void Worker::let_go(std::shared_ptr<const WorkerSnapshot> snapshot) {
  if (snapshot == snapshot_) { return; }
  retired_.push_back(std::move(snapshot));
  loop_.arm(retire_timer_, Duration::zero());
}

void Worker::drop_retired() {
  retired_.clear();
}

void Worker::make_request_id(std::string& out) {
  constexpr char kHex[] = "0123456789abcdef";
  out.assign("req_");
  for (int word = 0; word < 2; ++word) {
    std::uint64_t bits = random_.next();
    for (int digit = 0; digit < 16; ++digit, bits >>= 4) { out += kHex[bits & 15]; }
  }
}

void Worker::log_breaker(std::string_view provider, routing::ProviderHealth::Change change) {
  switch (change) {
    case routing::ProviderHealth::Change::none: return;
    case routing::ProviderHealth::Change::opened:
      logger_.warn("provider breaker opened", log::field("provider", provider));
      return;
    case routing::ProviderHealth::Change::closed:
      logger_.info("provider breaker closed", log::field("provider", provider));
      return;
  }
}

void Worker::flush_logs() {
  logger_.flush();
  loop_.arm(log_timer_, kLogEvery);
}

}  // namespace butter::gateway
