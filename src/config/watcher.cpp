#include "config/watcher.h"

#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

namespace butter::config {

namespace {

constexpr Duration kPolling = 1s;
constexpr Duration kSafetyNet = 5s;  // network file systems tell inotify only what this host does

constexpr std::uint32_t kEvents = IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_DELETE | IN_ATTRIB |
                                  IN_DELETE_SELF | IN_MOVE_SELF;

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) { return "."; }
  return slash == 0 ? "/" : path.substr(0, slash);
}

struct Free {
  void operator()(char* text) const noexcept { std::free(text); }
};
using RealPath = std::unique_ptr<char, Free>;

}  // namespace

Watcher::Watcher(std::string path)
    : path_(std::move(path)),
      folder_(folder_of(path_)),
      inotify_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)),
      last_(stamp()) {
  watch();
}

Duration Watcher::poll_interval() const noexcept {
  return watching_ && !is_linked() ? kSafetyNet : kPolling;
}

bool Watcher::changed() {
  drain();
  if (!watching_) { watch(); }
  const Stamp now = stamp();
  if (now == last_ || now == Stamp{}) { return false; }
  last_ = now;
  return true;
}

Watcher::Stamp Watcher::stamp() const {
  struct stat status{};
  if (::stat(path_.c_str(), &status) != 0) { return {}; }
  constexpr long long kSecond = 1'000'000'000;
  return {.device = status.st_dev,
          .inode = status.st_ino,
          .size = static_cast<unsigned long long>(status.st_size),
          .mtime_ns = status.st_mtim.tv_sec * kSecond + status.st_mtim.tv_nsec};
}

/// The contents lie in another folder, where a change is not seen.
bool Watcher::is_linked() const noexcept {
  const RealPath file(::realpath(path_.c_str(), nullptr));
  const RealPath folder(::realpath(folder_.c_str(), nullptr));
  if (!file || !folder) { return true; }
  const std::size_t length = std::strlen(folder.get());
  const char* const rest = file.get() + length;
  const bool inside = std::strncmp(file.get(), folder.get(), length) == 0;
  return !inside || std::strchr(length == 1 ? rest : rest + 1, '/') != nullptr;
}

void Watcher::watch() noexcept {
  watching_ = inotify_ && ::inotify_add_watch(inotify_.get(), folder_.c_str(), kEvents) >= 0;
}

void Watcher::drain() noexcept {
  alignas(inotify_event) char bytes[4096];
  for (;;) {
    const ssize_t got = inotify_ ? ::read(inotify_.get(), bytes, sizeof bytes) : -1;
    if (got <= 0) { return; }
    for (std::size_t at = 0; at < static_cast<std::size_t>(got);) {
      inotify_event event;
      std::memcpy(&event, bytes + at, sizeof event);
      // The folder has another name now, or none: the watch is worth nothing.
      if ((event.mask & IN_MOVE_SELF) != 0) { ::inotify_rm_watch(inotify_.get(), event.wd); }
      if ((event.mask & (IN_IGNORED | IN_MOVE_SELF)) != 0) { watching_ = false; }
      at += sizeof event + event.len;
    }
  }
}

}  // namespace butter::config
