#pragma once

#include <unistd.h>

#include <stdexcept>
#include <string>

#include "base/fd.h"

namespace butter::log {

/// A pipe to give to a Sink, and what came out of it.
class Pipe {
 public:
  Pipe() {
    int ends[2];
    if (::pipe(ends) != 0) { throw std::runtime_error("pipe"); }
    reader_.reset(ends[0]);
    writer_.reset(ends[1]);
  }

  [[nodiscard]] int writer() const noexcept { return writer_.get(); }
  void close_reader() noexcept { reader_.reset(); }

  /// Waits until `lines` lines are there. \return all that was read by this call
  [[nodiscard]] std::string read_lines(int lines) {
    std::string out;
    for (int seen = 0; seen < lines;) {
      char bytes[4096];
      const ssize_t n = ::read(reader_.get(), bytes, sizeof bytes);
      if (n <= 0) { break; }
      for (ssize_t i = 0; i < n; ++i) { seen += bytes[i] == '\n' ? 1 : 0; }
      out.append(bytes, static_cast<std::size_t>(n));
    }
    return out;
  }

  /// Closes the writing end; then all that is left.
  [[nodiscard]] std::string read_rest() {
    writer_.reset();
    constexpr int kNoLimit = 1 << 30;
    return read_lines(kNoLimit);
  }

 private:
  Fd reader_, writer_;
};

}  // namespace butter::log
