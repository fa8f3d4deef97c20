#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "base/buffer.h"
#include "base/clock.h"
#include "log/sink.h"

namespace butter::log {

enum class Level : std::uint8_t { debug, info, warn, error };

/// One attribute of a line: a name and a text, number or truth value.
struct Field {
  enum class Kind : std::uint8_t { text, signed_number, unsigned_number, real, truth };
  std::string_view name;
  Kind kind = Kind::text;
  std::string_view text;
  union {
    std::int64_t signed_number;
    std::uint64_t unsigned_number;
    double real;
    bool truth;
  };
};

[[nodiscard]] inline Field field(std::string_view name, std::string_view text) noexcept {
  Field f{};
  f.name = name;
  f.text = text;
  return f;
}
template <class T>
  requires std::is_arithmetic_v<T>
[[nodiscard]] Field field(std::string_view name, T value) noexcept {
  Field f{};
  f.name = name;
  if constexpr (std::same_as<T, bool>) {
    f.kind = Field::Kind::truth;
    f.truth = value;
  } else if constexpr (std::floating_point<T>) {
    f.kind = Field::Kind::real;
    f.real = value;
  } else if constexpr (std::is_signed_v<T>) {
    f.kind = Field::Kind::signed_number;
    f.signed_number = value;
  } else {
    f.kind = Field::Kind::unsigned_number;
    f.unsigned_number = value;
  }
  return f;
}

/// Writes one JSON object a line: {"time":RFC 3339 with nine digits, "level":"INFO", "msg":..., fields
/// in the order of the call}. Lines collect in a buffer and go to the Sink by flush(), which a loop
/// calls by a timer; warnings and errors go at once. No allocation once the buffer has grown.
/// Thread: each thread has its own.
class Logger {
 public:
  Logger(Sink& sink, Level least) noexcept : sink_(sink), least_(least) {}
  ~Logger() { flush(); }
  Logger(const Logger&) = delete;
  Logger& operator=(const Logger&) = delete;

  [[nodiscard]] bool enabled(Level level) const noexcept { return level >= least_; }
  void set_level(Level least) noexcept { least_ = least; }

  template <class... Fields>
  void write(Level level, std::string_view message, const Fields&... fields) {
    if (!enabled(level)) { return; }
    begin(level, message);
    (add(fields), ...);
    end(level);
  }
  template <class... F> void debug(std::string_view m, const F&... f) { write(Level::debug, m, f...); }
  template <class... F> void info(std::string_view m, const F&... f) { write(Level::info, m, f...); }
  template <class... F> void warn(std::string_view m, const F&... f) { write(Level::warn, m, f...); }
  template <class... F> void error(std::string_view m, const F&... f) { write(Level::error, m, f...); }

  void flush();
  [[nodiscard]] bool pending() const noexcept { return !buffer_.empty(); }

 private:
  void begin(Level level, std::string_view message);
  void add(const Field& field);
  void end(Level level);

  Sink& sink_;
  Level least_;
  Buffer buffer_;
  std::int64_t cached_second_ = -1;  ///< the date and time text below belong to it
  char cached_time_[20] = {};        ///< "2026-11-23T16:48:07"
};

}  // namespace butter::log
