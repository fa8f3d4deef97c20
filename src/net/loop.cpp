#include "net/loop.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace butter::net {

/// Tasks from other threads, and the descriptor that wakes the loop for them.
class Loop::Mailbox final : public Handler {
 public:
  Mailbox() : event_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (!event_) { throw std::system_error(errno, std::generic_category(), "eventfd"); }
  }

  [[nodiscard]] int fd() const noexcept { return event_.get(); }

  void put(Task task) {
    bool first = false;
    {
      const std::lock_guard lock(mutex_);
      first = tasks_.empty();
      tasks_.push_back(std::move(task));
    }
    if (first) {
      const std::uint64_t one = 1;
      // Cannot fail but by a full counter, and then the loop is awake already.
      [[maybe_unused]] const auto written = ::write(event_.get(), &one, sizeof one);
    }
  }

  void on_io(Ready) override {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto got = ::read(event_.get(), &count, sizeof count);
    std::vector<Task> tasks;
    {
      const std::lock_guard lock(mutex_);
      tasks.swap(tasks_);
    }
    for (Task& task : tasks) { task(); }
  }

 private:
  Fd event_;
  std::mutex mutex_;
  std::vector<Task> tasks_;  // guarded by mutex_
};

Loop::Loop()
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      now_(std::chrono::steady_clock::now()),
      timers_(now_),
      scratch_(std::make_unique_for_overwrite<char[]>(kScratchBytes + kScratchTail)),
      mailbox_(std::make_unique<Mailbox>()) {
  if (!epoll_ || !watch(mailbox_->fd(), *mailbox_)) {
    throw std::system_error(errno, std::generic_category(), "epoll");
  }
}

Loop::~Loop() = default;

void Loop::post(Task task) {
  mailbox_->put(std::move(task));
}

void Loop::stop() {
  post([this] { stop_ = true; });
}

namespace {

epoll_event both_directions(Handler& handler) noexcept {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &handler;
  return event;
}

}  // namespace

bool Loop::watch(int fd, Handler& handler) {
  epoll_event event = both_directions(handler);
  return ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0;
}

void Loop::rewatch(int fd, Handler& handler) noexcept {
  epoll_event event = both_directions(handler);
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event);
}

void Loop::unwatch(int fd, Handler& handler) {
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
  for (int i = 0; i < batch_size_; ++i) {
    if (batch_[static_cast<std::size_t>(i)].data.ptr == &handler) {
      batch_[static_cast<std::size_t>(i)].data.ptr = nullptr;
    }
  }
}

void Loop::dispatch(int count) {
  batch_size_ = count;
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = batch_[static_cast<std::size_t>(i)];
    if (event.data.ptr == nullptr) { continue; }
    const Ready ready{
        .readable = (event.events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0,
        .writable = (event.events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0,
        .hangup = (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0,
    };
    static_cast<Handler*>(event.data.ptr)->on_io(ready);
  }
  batch_size_ = 0;
}

void Loop::run() {
  constexpr int kLongestWaitMs = 60'000;
  while (!stop_) {
    const int wait = timers_.wait_ms(std::chrono::steady_clock::now(), kLongestWaitMs);
    const int count =
        ::epoll_wait(epoll_.get(), batch_.data(), static_cast<int>(batch_.size()), wait);
    now_ = std::chrono::steady_clock::now();
    if (count > 0) { dispatch(count); }
    timers_.advance(now_);
    while (!graveyard_.empty()) {
      // A destructor may dispose of more.
      const auto dead = std::exchange(graveyard_, {});
    }
  }
  stop_ = false;
}

}  // namespace butter::net
