#include "wasm/pool.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace butter::wasm {

struct Pool::Call {
  Hook hook;
  std::string input;
  std::string request_id;
  std::mutex mutex;
  Done done;  ///< guarded by mutex; empty = nobody waits any more
};

namespace {

bool is_awaited(auto& call) {
  const std::lock_guard lock(call.mutex);
  return call.done != nullptr;
}

}  // namespace

Pool::Ticket& Pool::Ticket::operator=(Ticket&& other) noexcept {
  if (this != &other) {
    give_up();
    call_ = std::move(other.call_);
  }
  return *this;
}

void Pool::Ticket::give_up() noexcept {
  if (call_ == nullptr) { return; }
  Done gone;  // what it holds is destroyed without the lock
  {
    const std::lock_guard lock(call_->mutex);
    gone = std::exchange(call_->done, nullptr);
  }
  call_.reset();
}

Pool::Pool(std::shared_ptr<const Module> module, unsigned threads, log::Sink& sink,
           log::Level least)
    : module_(std::move(module)), sink_(sink), least_(least) {
  for (unsigned i = 0; i < std::max(1u, threads); ++i) {
    instances_.push_back(std::make_unique<Instance>(module_));
  }
  for (const auto& instance : instances_) {
    threads_.emplace_back([this, &each = *instance] { serve(each); });
  }
}

Pool::~Pool() {
  constexpr auto kAgain = std::chrono::milliseconds(5);  // a call that just begins does not notice
  {
    std::unique_lock lock(mutex_);
    stop_ = true;
    queue_.clear();
    for (std::size_t i = 0; i < threads_.size(); ++i) { work_.post(); }
    while (busy_ > 0) {
      for (const auto& instance : instances_) { instance->cancel(); }
      idle_.wait_for(lock, kAgain);
    }
  }
  for (std::thread& thread : threads_) { thread.join(); }
}

Pool::Ticket Pool::run(Hook hook, std::string input, std::string request_id, Done done) {
  auto call = std::make_shared<Call>(hook, std::move(input), std::move(request_id));
  call->done = std::move(done);
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(call);
  }
  work_.post();
  return Ticket(std::move(call));
}

std::size_t Pool::waiting() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

std::shared_ptr<Pool::Call> Pool::next() {
  work_.wait();
  const std::lock_guard lock(mutex_);
  if (stop_) { return nullptr; }
  std::shared_ptr<Call> call = std::move(queue_.front());
  queue_.pop_front();
  ++busy_;
  return call;
}

void Pool::over() {
  const std::lock_guard lock(mutex_);
  --busy_;
  idle_.notify_one();
}

void Pool::serve(Instance& instance) {
  log::Logger logger(sink_, least_);
  while (const std::shared_ptr<Call> call = next()) {
    if (is_awaited(*call)) {
      Result result =
          instance.call(call->hook, call->input,
                        {.logger = &logger, .plugin = {}, .request_id = call->request_id});
      logger.flush();
      const std::lock_guard lock(call->mutex);
      if (Done done = std::exchange(call->done, nullptr)) { done(std::move(result)); }
    }
    over();
  }
}

}  // namespace butter::wasm
