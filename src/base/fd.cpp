#include "base/fd.h"

#include <unistd.h>

namespace butter {

void Fd::reset(int fd) noexcept {
  if (fd_ >= 0) {
    // Never retried: Linux frees the number even when close() fails, and a second close could hit
    // a descriptor that another thread has just opened. Source: close(2), NOTES.
    ::close(fd_);
  }
  fd_ = fd;
}

}  // namespace butter
