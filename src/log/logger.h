#pragma once

#include <concepts>
#include <cstddef>
#include <string_view>

#include "log/line.h"
#include "log/sink.h"

namespace butter::log {

/// Lines collect in a buffer and go to the Sink by flush(), which a loop calls by a timer; they go
/// at once when one is a warning or an error, or when kMostHeld bytes are there. No allocation once
/// the buffer has grown. Thread: each thread has its own.
class Logger {
 public:
  static constexpr std::size_t kMostHeld = 64u << 10;

  Logger(Sink& sink, Level least) noexcept : sink_(sink), least_(least) {}
  ~Logger() { flush(); }
  Logger(const Logger&) = delete;
  Logger& operator=(const Logger&) = delete;

  [[nodiscard]] bool enabled(Level level) const noexcept { return level >= least_; }
  void set_level(Level least) noexcept { least_ = least; }

  template <std::same_as<Field>... Fields>
  void write(Level level, std::string_view message, const Fields&... fields) {
    if (!enabled(level)) { return; }
    begin(level, message);
    (writer_.add(fields), ...);
    end(level);
  }
  /// The same for a line of many fields, which `fill` adds.
  template <std::invocable<LineWriter&> Fill>
  void write(Level level, std::string_view message, Fill&& fill) {
    if (!enabled(level)) { return; }
    begin(level, message);
    fill(writer_);
    end(level);
  }
  template <class... F>
  void debug(std::string_view m, const F&... f) {
    write(Level::debug, m, f...);
  }
  template <class... F>
  void info(std::string_view m, const F&... f) {
    write(Level::info, m, f...);
  }
  template <class... F>
  void warn(std::string_view m, const F&... f) {
    write(Level::warn, m, f...);
  }
  template <class... F>
  void error(std::string_view m, const F&... f) {
    write(Level::error, m, f...);
  }

  void flush();
  [[nodiscard]] bool pending() const noexcept { return !writer_.lines().empty(); }

 private:
  void begin(Level level, std::string_view message);
  void end(Level level);

  Sink& sink_;
  Level least_;
  LineWriter writer_;
};

}  // namespace butter::log
