#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/buffer.h"
#include "base/random.h"
#include "credential/store.h"
#include "gateway/exchange.h"
#include "gateway/rate_limiter.h"
#include "gateway/snapshot.h"
#include "gateway/telemetry.h"
#include "json/scan.h"
#include "log/logger.h"
#include "net/listener.h"
#include "net/loop.h"
#include "net/resolver.h"
#include "plugin/host.h"
#include "server/connection.h"
#include "upstream/pool.h"

namespace butter::gateway {

/// A Snapshot as one worker sees it: with the worker's connections to each provider. The pools live
/// on when the next snapshot has the same endpoints. Thread: worker-local.
struct WorkerSnapshot {
  std::shared_ptr<const Snapshot> shared;
  std::vector<std::shared_ptr<upstream::Pool>>
      pools;  ///< by provider; nullptr where there is no endpoint
  std::vector<std::unique_ptr<credential::Reader>>
      credentials;  ///< by provider; nullptr where keys of the configuration serve
  std::unique_ptr<plugin::Host> plugins;
  std::shared_ptr<RateLimiter> limiter;  ///< nullptr without plugins.ratelimit

  [[nodiscard]] const Snapshot& snapshot() const noexcept { return *shared; }
  [[nodiscard]] const config::Config& config() const noexcept { return shared->config(); }
  [[nodiscard]] upstream::Pool& pool(std::size_t provider) const { return *pools[provider]; }
  [[nodiscard]] credential::Reader& credential(std::size_t provider) const {
    return *credentials[provider];
  }
};

/// What the workers share: all of it synchronised inside or immutable. Thread: any.
struct Shared {
  net::Resolver& resolver;
  log::Sink& sink;
  std::atomic<bool> draining{false};
  limit::Ledger ledger{};             ///< its buckets outlive configurations
  std::atomic<int> without_redis{0};  ///< workers that cannot reach it
  std::atomic<std::uint32_t> connections{0};
  std::vector<Telemetry*> telemetries;  ///< complete before the first worker runs
};

/// One event loop and all that lives on it: listener, connections, exchanges, pools, counters.
/// Thread: constructed and destroyed by main while its own thread does not run; the rest
/// worker-local but for install(), drain(), cut_off() and stop().
class Worker final : public server::Service,
                     public server::Connection::Owner,
                     private plugin::Counter {
 public:
  Worker(Shared& shared, std::shared_ptr<const Snapshot> snapshot, Fd listening,
         std::uint64_t seed);
  ~Worker();

  void run();  ///< until stop()
  /// The snapshot of the requests that begin from here; `done` is called on the worker's thread
  /// when it is in force. Thread: any
  void install(std::shared_ptr<const Snapshot> snapshot, std::function<void()> done = {});
  /// Closes the listener, when the connections that are being opened are open, and every connection
  /// after its answer. `done` is called on the worker's thread when the last is closed. Thread: any
  void drain(std::function<void()> done);
  /// After drain(): waits no longer. Clients are told, and their connections closed. Thread: any
  void cut_off();
  void stop();  ///< at once. Thread: any

  // For the exchanges of this worker.
  [[nodiscard]] const std::shared_ptr<const WorkerSnapshot>& snapshot() const noexcept {
    return snapshot_;
  }
  [[nodiscard]] Telemetry& telemetry() noexcept { return telemetry_; }
  [[nodiscard]] log::Logger& logger() noexcept { return logger_; }
  [[nodiscard]] Random& random() noexcept { return random_; }
  [[nodiscard]] json::RequestScanner& scanner() noexcept { return scanner_; }
  void make_request_id(std::string& out);
  void log_breaker(std::string_view provider, routing::ProviderHealth::Change change);
  /// Gives an empty buffer some used memory, so that a warm worker allocates nothing.
  void lend(Buffer& buffer);
  void take_back(Buffer& buffer);
  void recycle(Exchange& exchange) noexcept;
  /// Takes what a request had pinned. The last one of an old configuration takes its pools with it,
  /// of which a connection may be on the stack: it goes when the loop is back.
  void let_go(std::shared_ptr<const WorkerSnapshot> snapshot);

 private:
  server::Exchange* begin(server::Connection& connection, const http::RequestHead& head) override;
  std::string_view refusal(int status, std::string_view why) override;
  void on_open() override;
  void on_close() override;
  void closed(server::Connection& connection) override;
  void count_hook(std::string_view plugin, plugin::Hook hook, std::string_view result,
                  Duration took) override {
    telemetry_.count_hook(plugin, wasm::to_string(hook), result, took);
  }

  void adopt(std::shared_ptr<const Snapshot> snapshot);
  void accept(Fd fd, const net::Address& peer);
  void answer_locally(server::Connection& connection, const http::RequestHead& head,
                      const Path& path);
  [[nodiscard]] std::shared_ptr<RateLimiter> limiter_for(const Snapshot& snapshot);
  [[nodiscard]] Exchange& take_exchange();
  void flush_logs();
  void drop_retired();
  void close_listener();
  void finish_drain_when_idle();

  Shared& shared_;
  net::Loop loop_;
  Random random_;
  log::Logger logger_;
  Telemetry telemetry_;
  json::RequestScanner scanner_;
  server::Limits limits_;
  std::shared_ptr<const WorkerSnapshot> snapshot_;
  std::vector<std::shared_ptr<const WorkerSnapshot>> retired_;  ///< until the loop is back
  std::map<std::string, std::weak_ptr<upstream::Pool>, std::less<>> pools_;  ///< by endpoint id
  std::vector<std::unique_ptr<Exchange>> exchanges_;
  Exchange* free_ = nullptr;
  std::vector<Buffer> spare_;
  std::vector<std::unique_ptr<server::Connection>> connections_;
  std::unique_ptr<net::Listener> listener_;
  std::function<void()> on_drained_;
  std::string local_answer_;  ///< of the answer being written
  net::Timer log_timer_;
  net::Timer retire_timer_;
  net::Timer listener_timer_;
};

}  // namespace butter::gateway
