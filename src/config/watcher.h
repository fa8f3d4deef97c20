#pragma once

#include <string>

#include "base/clock.h"
#include "base/fd.h"

namespace butter::config {

/// Tells when a file has changed: by inotify on its folder (so that a rename over it, or a symlink
/// swapped by Kubernetes, is seen), with polling where that cannot work. "Changed" means other
/// contents (size, mtime, inode or device differ), older ones too. A file that is gone has not
/// changed until it is back: editors and deployments take it away for a moment.
///
/// What counts is the file as it was at construction: construct before reading it. Thread: main.
class Watcher {
 public:
  explicit Watcher(std::string path);

  /// Readable when something may have happened; -1 when only polling works.
  [[nodiscard]] int fd() const noexcept { return inotify_.get(); }
  /// How long to wait at most before asking changed() again.
  [[nodiscard]] Duration poll_interval() const noexcept;
  /// True once for each change. Drains fd().
  [[nodiscard]] bool changed();

 private:
  struct Stamp {
    unsigned long long device = 0, inode = 0, size = 0;
    long long mtime_ns = 0;
    bool operator==(const Stamp&) const = default;
  };
  [[nodiscard]] Stamp stamp() const;
  [[nodiscard]] bool is_linked() const noexcept;
  void watch() noexcept;
  void drain() noexcept;

  std::string path_;
  std::string folder_;
  Fd inotify_;
  bool watching_ = false;  ///< false also after the folder was removed or renamed
  Stamp last_;
};

}  // namespace butter::config
