#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "log/logger.h"
#include "net/loop.h"
#include "plugin/chain.h"
#include "wasm/instance.h"

namespace butter::plugin {

/// What a hook did, in a word for counters.
[[nodiscard]] std::string_view result_of(const HookOutput& output) noexcept;

/// Who counts the calls of hooks. Thread: worker-local.
class Counter {
 public:
  /// \param result  "ok", "changed", "answered", or the name of a wasm::Fault
  virtual void count_hook(std::string_view plugin, Hook hook, std::string_view result,
                          Duration took) = 0;

 protected:
  ~Counter() = default;
};

/// A chain as one worker runs it: with warm instances of its own. Thread: worker-local.
class Host {
 public:
  using Result = wasm::Pool::Result;

  /// \param before  whose instances of the same modules are taken over; nullptr = none
  Host(net::Loop& loop, log::Logger& logger, Counter& counter, std::shared_ptr<const Chain> chain,
       const Host* before);

  [[nodiscard]] const Chain& chain() const noexcept { return *chain_; }
  [[nodiscard]] net::Loop& loop() const noexcept { return loop_; }
  [[nodiscard]] log::Logger& logger() const noexcept { return logger_; }
  [[nodiscard]] wasm::InputWriter& writer() noexcept { return writer_; }

  /// Runs a hook here and now.
  [[nodiscard]] Result call(std::size_t plugin, Hook hook, std::string_view input,
                            std::string_view request_id);
  /// Runs it on a thread. `done` is called on the loop, later; where the ticket goes while the
  /// result is on its way to the loop, it is called nevertheless.
  [[nodiscard]] wasm::Pool::Ticket start(std::size_t plugin, Hook hook, std::string input,
                                         std::string request_id, std::function<void(Result)> done);
  /// The same where nobody waits for the result.
  void start_detached(std::size_t plugin, Hook hook, std::string input, std::string request_id);

  /// Counts a call, and learns from it where and whether the next one is to run.
  void note(std::size_t plugin, Hook hook, std::size_t input_bytes, const Result& result);
  void count(std::size_t plugin, Hook hook, std::string_view result, Duration took);
  void log_failure(const wasm::Failure& failure, std::string_view request_id);

 private:
  using Tickets = std::set<std::shared_ptr<wasm::Pool::Ticket>>;

  net::Loop& loop_;
  log::Logger& logger_;
  Counter& counter_;
  std::shared_ptr<const Chain> chain_;
  std::vector<std::shared_ptr<wasm::Instance>> instances_;  ///< by plugin; nullptr: none is needed
  wasm::InputWriter writer_;
  std::shared_ptr<Tickets> detached_ = std::make_shared<Tickets>();
};

}  // namespace butter::plugin
