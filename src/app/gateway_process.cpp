#include "app/gateway_process.h"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <latch>
#include <optional>
#include <random>

#include "app/version.h"
#include "net/address.h"

namespace butter::app {

namespace {

using log::field;

std::size_t worker_count(const config::Server& server) {
  if (server.workers > 0) { return server.workers; }
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  const bool known = ::sched_getaffinity(0, sizeof cpus, &cpus) == 0;
  return known ? static_cast<std::size_t>(CPU_COUNT(&cpus)) : 1;
}

/// Signals are read by the main thread; workers inherit the mask.
Fd block_signals() {
  ::signal(SIGPIPE, SIG_IGN);
  sigset_t wanted;
  sigemptyset(&wanted);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) { sigaddset(&wanted, number); }
  ::pthread_sigmask(SIG_BLOCK, &wanted, nullptr);
  return Fd(::signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK));
}

std::optional<int> next_signal(int fd) {
  signalfd_siginfo info{};
  if (::read(fd, &info, sizeof info) != sizeof info) { return std::nullopt; }
  return static_cast<int>(info.ssi_signo);
}

}  // namespace

GatewayProcess::GatewayProcess(log::Sink& sink, std::string config_path)
    : sink_(sink),
      logger_(sink, log::Level::info),
      config_path_(std::move(config_path)),
      env_(config::process_environment()),
      keeper_(sink, log::Level::info),
      shared_{.resolver = resolver_, .sink = sink, .telemetries = {}},
      signals_(block_signals()) {
  // Before the file is read: a change in between must not be missed.
  if (!config_path_.empty()) { watcher_.emplace(config_path_); }
}

GatewayProcess::~GatewayProcess() {
  for (const auto& worker : workers_) { worker->stop(); }
  for (std::thread& thread : threads_) {
    if (thread.joinable()) { thread.join(); }
  }
}

Result<config::Config> GatewayProcess::load_config() const {
  if (config_path_.empty()) { return config::built_in(env_); }
  config::Loaded loaded = config::load_file(config_path_, env_);
  if (!loaded.config) { return fail(Errc::bad_config, loaded.error_text()); }
  return *std::move(loaded.config);
}

std::expected<std::shared_ptr<const gateway::Snapshot>, GatewayProcess::NotLoaded>
GatewayProcess::load() {
  const auto failed = [](std::string_view what, Error error) {
    return std::unexpected(NotLoaded{what, std::move(error.detail)});
  };
  auto config = load_config();
  if (!config) { return failed("failed to load config", std::move(config).error()); }
  auto chain = plugin::Chain::make(*config, sink_, snapshot_ ? snapshot_->chain().get() : nullptr);
  if (!chain) { return failed("failed to initialize plugins", std::move(chain).error()); }
  auto snapshot = gateway::Snapshot::make(*std::move(config), env_, snapshot_.get(), &keeper_,
                                          *std::move(chain));
  if (!snapshot) { return failed("failed to load config", std::move(snapshot).error()); }
  return *std::move(snapshot);
}

bool GatewayProcess::load_first() {
  logger_.info("starting butter", field("version", kVersion), field("commit", kCommit));
  auto loaded = load();
  if (!loaded) {
    logger_.error(loaded.error().what, field("error", loaded.error().why));
    return false;
  }
  snapshot_ = *std::move(loaded);
  log_configuration();
  return true;
}

void GatewayProcess::log_configuration() {
  const config::Config& config = snapshot_->config();
  for (const std::string& warning : config.warnings) {
    logger_.warn("config warning", field("warning", warning));
  }
  for (const config::Provider& provider : config.providers) {
    if (provider.tls.insecure_skip_verify) {
      logger_.warn("TLS certificates are not verified", field("provider", provider.name));
    }
  }
  if (config.ratelimit.enabled) { logger_.info("plugin registered", field("name", "ratelimit")); }
  if (config.requestlog.enabled) { logger_.info("plugin registered", field("name", "requestlog")); }
  if (config.metrics.enabled) { logger_.info("plugin registered", field("name", "metrics")); }
  for (const plugin::Plugin& each : snapshot_->chain()->plugins()) {
    logger_.info("plugin registered", field("name", each.name));
  }
}

bool GatewayProcess::start_workers() {
  const config::Server& server = snapshot_->config().server;
  const std::size_t count = worker_count(server);
  std::string address = server.address;
  std::random_device seed;
  for (std::size_t i = 0; i < count; ++i) {
    auto socket = net::listen_on(address);
    if (!socket) {
      logger_.error("server error", field("error", socket.error().detail));
      return false;
    }
    // With port 0 the first socket decides, and the others share its port.
    const net::Address bound = net::local_address(socket->get());
    if (i == 0) {
      const std::string host = server.address.substr(0, server.address.rfind(':'));
      address = host + ":" + std::to_string(bound.port());
    }
    workers_.push_back(std::make_unique<gateway::Worker>(shared_, snapshot_, *std::move(socket),
                                                         (std::uint64_t{seed()} << 32) | seed()));
  }
  for (const auto& worker : workers_) {
    threads_.emplace_back([&each = *worker] { each.run(); });
  }
  logger_.info("butter listening", field("address", address), field("workers", count));
  logger_.flush();
  return true;
}

int GatewayProcess::run() {
  if (!load_first() || !start_workers()) { return 1; }
  wait_for_signals();
  return shut_down();
}

void GatewayProcess::wait_for_signals() {
  while (true) {
    pollfd fds[2] = {{.fd = signals_.get(), .events = POLLIN, .revents = 0},
                     {.fd = watcher_ ? watcher_->fd() : -1, .events = POLLIN, .revents = 0}};
    const Duration wait = watcher_ ? watcher_->poll_interval() : Duration(1h);
    const auto wait_ms = std::chrono::duration_cast<std::chrono::milliseconds>(wait).count();
    ::poll(fds, 2, static_cast<int>(wait_ms));
    while (const auto number = next_signal(signals_.get())) {
      if (*number != SIGHUP) { return; }
      if (watcher_) { static_cast<void>(watcher_->changed()); }
      reload();
    }
    if (watcher_ && watcher_->changed()) { reload(); }
    logger_.flush();
  }
}

void GatewayProcess::reload() {
  auto loaded = load();
  if (!loaded) {
    // The same mistake is told once, however often the file is looked at.
    if (last_reload_error_ != loaded.error().why) {
      last_reload_error_ = loaded.error().why;
      logger_.error("config watcher: reload failed, keeping current config",
                    field("path", config_path_), field("error", last_reload_error_));
    }
    return;
  }
  last_reload_error_.clear();
  const config::Server& before = snapshot_->config().server;
  const config::Server& after = (*loaded)->config().server;
  if (before.address != after.address || before.workers != after.workers) {
    logger_.warn("config change needs a restart", field("keys", "server.address, server.workers"));
  }
  snapshot_ = *std::move(loaded);
  std::latch adopted(static_cast<std::ptrdiff_t>(workers_.size()));
  for (const auto& worker : workers_) {
    worker->install(snapshot_, [&adopted] { adopted.count_down(); });
  }
  // What the log says next is true of every worker.
  adopted.wait();
  log_configuration();
  logger_.info("config reloaded", field("path", config_path_));
}

int GatewayProcess::shut_down() {
  constexpr Duration kFarewell = 1s;  // for the clients that are told
  logger_.info("shutting down...");
  logger_.flush();
  shared_.draining = true;
  busy_workers_ = workers_.size();
  for (const auto& worker : workers_) {
    worker->drain([this] {
      const std::lock_guard lock(mutex_);
      --busy_workers_;
      drained_.notify_one();
    });
  }
  const bool clean = wait_until_drained(snapshot_->config().server.shutdown_timeout);
  if (!clean) {
    logger_.error("shutdown error", field("error", "requests under way were cut off"));
    if (!stop_at_once_) {
      for (const auto& worker : workers_) { worker->cut_off(); }
      static_cast<void>(wait_until_drained(kFarewell));
    }
  }
  for (const auto& worker : workers_) { worker->stop(); }
  for (std::thread& thread : threads_) { thread.join(); }
  threads_.clear();
  logger_.flush();
  return clean ? 0 : 1;
}

bool GatewayProcess::wait_until_drained(Duration limit) {
  constexpr Duration kLook = 50ms;  // for the second signal
  const auto deadline = std::chrono::steady_clock::now() + limit;
  std::unique_lock lock(mutex_);
  while (!stop_at_once_ && std::chrono::steady_clock::now() < deadline) {
    if (drained_.wait_for(lock, kLook, [this] { return busy_workers_ == 0; })) { return true; }
    while (const auto number = next_signal(signals_.get())) {
      stop_at_once_ = stop_at_once_ || *number != SIGHUP;
    }
  }
  return busy_workers_ == 0;
}

}  // namespace butter::app
