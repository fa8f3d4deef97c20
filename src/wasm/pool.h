#pragma once

#include <condition_variable>
#include <deque>
#include <expected>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/semaphore.h"
#include "log/sink.h"
#include "wasm/instance.h"

namespace butter::wasm {

/// Helper threads for one module, each with a warm instance of its own, so that an event loop never
/// waits for calls that take long. Calls begin in the order they came.
/// Thread: any (synchronised inside); destroyed by one that is not of the pool.
class Pool {
 public:
  using Result = std::expected<HookOutput, Failure>;
  /// Runs on a thread of the pool: hands the result over to the loop that waits for it, and no
  /// more.
  using Done = std::function<void(Result)>;

  struct Call;
  /// Whoever waits for a call. Destroying it gives the call up: `done` is not called any more, and
  /// a call that has not begun never will. One that has begun goes on, until its time limit at
  /// most: to cancel it would stop its neighbours, too. Thread: any one at a time.
  class Ticket {
   public:
    Ticket() = default;
    explicit Ticket(std::shared_ptr<Call> call) : call_(std::move(call)) {}
    Ticket(Ticket&&) noexcept = default;
    Ticket& operator=(Ticket&& other) noexcept;
    ~Ticket() { give_up(); }

    [[nodiscard]] explicit operator bool() const noexcept { return call_ != nullptr; }

   private:
    void give_up() noexcept;
    std::shared_ptr<Call> call_;
  };

  /// \param threads  at least 1
  Pool(std::shared_ptr<const Module> module, unsigned threads, log::Sink& sink, log::Level least);
  ~Pool();  ///< ends calls under way; those that wait are never answered
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  /// \param input  as InputWriter writes it; belongs to the call
  [[nodiscard]] Ticket run(Hook hook, std::string input, std::string request_id, Done done);

  /// Calls that wait for a thread.
  [[nodiscard]] std::size_t waiting() const;

 private:
  void serve(Instance& instance);
  /// Waits for a call. \return nullptr at the end
  [[nodiscard]] std::shared_ptr<Call> next();
  void over();

  const std::shared_ptr<const Module> module_;
  log::Sink& sink_;
  const log::Level least_;
  Semaphore work_;  // a call in the queue each, and one for each thread at the end
  mutable std::mutex mutex_;
  std::condition_variable idle_;
  std::deque<std::shared_ptr<Call>> queue_;  // guarded by mutex_
  unsigned busy_ = 0;                        // guarded by mutex_: threads with a call
  bool stop_ = false;                        // guarded by mutex_
  std::vector<std::unique_ptr<Instance>> instances_;
  std::vector<std::thread> threads_;
};

}  // namespace butter::wasm
