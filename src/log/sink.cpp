#include "log/sink.h"

#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

#include "log/line.h"

namespace butter::log {

namespace {

constexpr auto kPatience = std::chrono::seconds(1);  // for a stalled reader, at the end
constexpr std::size_t kUsual = 256 * 1024;           // what waits between two writes, mostly
constexpr int kPollMs = 50;  // how soon a stalled writer sees that it must stop

/// Signals are for the main thread; and a write to a closed pipe must fail, not kill.
void block_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

void append_dropped(LineWriter& writer, std::uint64_t lines) {
  writer.begin(Level::warn, "log lines dropped", std::chrono::system_clock::now());
  writer.add(field("lines", lines));
  writer.end();
}

bool is_regular_file(int fd) {
  struct stat about{};
  return ::fstat(fd, &about) == 0 && S_ISREG(about.st_mode);
}

}  // namespace

Sink::Sink(int fd) : fd_(fd), is_file_(is_regular_file(fd)) {
  // Here, since a thread without memory ends the program.
  pending_.reserve(kUsual);
  leaving_.reserve(kUsual);
  thread_ = std::thread([this] { run(); });
}

Sink::~Sink() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    give_up_ = std::chrono::steady_clock::now() + kPatience;
  }
  wake_.notify_one();
  thread_.join();
}

void Sink::write(std::string_view lines) {
  {
    const std::lock_guard lock(mutex_);
    if (pending_.size() + lines.size() > kMostPending) {
      dropped_ += static_cast<std::uint64_t>(std::ranges::count(lines, '\n'));
      return;
    }
    pending_ += lines;
  }
  wake_.notify_one();
}

void Sink::flush() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return pending_.empty() && dropped_ == 0 && !writing_; });
}

void Sink::run() {
  block_signals();
  LineWriter note;
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stop_ || !pending_.empty() || dropped_ > 0; });
    if (pending_.empty() && dropped_ == 0) { return; }
    leaving_.swap(pending_);
    if (dropped_ > 0) { append_dropped(note, dropped_); }
    dropped_ = 0;
    writing_ = true;
    lock.unlock();
    write_out(leaving_);
    write_out(note.lines());
    leaving_.clear();
    note.clear();
    lock.lock();
    writing_ = false;
    if (pending_.empty() && dropped_ == 0) { idle_.notify_all(); }
  }
}

void Sink::write_out(std::string_view lines) {
  while (!lines.empty()) {
    if (!is_file_ && !wait_for_room()) { return; }
    // Not more than a pipe takes whole: a write after poll() then never blocks, and the end of the
    // program is not held up by a reader who stalls. Source: pipe(7), PIPE_BUF. A file always has
    // room.
    const std::size_t most = is_file_ ? lines.size() : PIPE_BUF;
    const ssize_t written = ::write(fd_, lines.data(), std::min(lines.size(), most));
    if (written > 0) {
      lines.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR && errno != EAGAIN) {
      return;
    }
  }
}

bool Sink::wait_for_room() {
  pollfd waited{.fd = fd_, .events = POLLOUT, .revents = 0};
  while (!out_of_time()) {
    // An error or a hang-up counts as room: write() then says which.
    if (::poll(&waited, 1, kPollMs) > 0) { return true; }
  }
  return false;
}

bool Sink::out_of_time() {
  const std::lock_guard lock(mutex_);
  return stop_ && std::chrono::steady_clock::now() > give_up_;
}

}  // namespace butter::log
