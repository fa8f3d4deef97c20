#pragma once

#include <condition_variable>
#include <expected>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "config/load.h"
#include "config/watcher.h"
#include "credential/keeper.h"
#include "gateway/snapshot.h"
#include "gateway/worker.h"
#include "log/logger.h"
#include "net/resolver.h"

namespace butter::app {

/// The running gateway: workers on threads of their own, and the main thread's duties: signals,
/// reloading, the graceful stop. Thread: main.
class GatewayProcess {
 public:
  /// \param config_path  "" for the built-in configuration
  GatewayProcess(log::Sink& sink, std::string config_path);
  ~GatewayProcess();

  /// Runs until SIGTERM or SIGINT, then until the requests under way have ended, or the time for it
  /// has, or a second signal comes. \return the exit code: 0, or 1 when it could not start or
  /// requests had to be cut off at the end.
  [[nodiscard]] int run();

 private:
  [[nodiscard]] bool load_first();
  [[nodiscard]] bool start_workers();
  struct NotLoaded {
    std::string_view what;  ///< what could not be done, for the log
    std::string why;
  };
  [[nodiscard]] std::expected<std::shared_ptr<const gateway::Snapshot>, NotLoaded> load();
  [[nodiscard]] Result<config::Config> load_config() const;
  void log_configuration();
  void wait_for_signals();
  void reload();
  [[nodiscard]] int shut_down();
  /// \return whether the workers have nothing to do any more, at the latest after `limit` or with
  ///         the second signal
  [[nodiscard]] bool wait_until_drained(Duration limit);

  log::Sink& sink_;
  log::Logger logger_;  ///< what becomes of the process is said whatever `log.level` is
  const std::string config_path_;
  const config::Environment env_;
  credential::Keeper keeper_;
  gateway::Shared shared_;
  std::shared_ptr<const gateway::Snapshot> snapshot_;
  std::optional<config::Watcher> watcher_;  ///< none with the built-in configuration
  std::string last_reload_error_;
  std::vector<std::unique_ptr<gateway::Worker>> workers_;
  std::vector<std::thread> threads_;
  net::Resolver resolver_;  ///< ends before the loops that it answers to
  Fd signals_;
  bool stop_at_once_ = false;  ///< a second signal came

  std::mutex mutex_;
  std::condition_variable drained_;
  std::size_t busy_workers_ = 0;  // guarded by mutex_
};

}  // namespace butter::app
