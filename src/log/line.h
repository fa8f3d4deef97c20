#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "base/buffer.h"
#include "base/clock.h"
#include "log/level.h"
#include "log/time_text.h"

namespace butter::log {

/// One attribute of a line: a name and a text, number or truth value.
struct Field {
  enum class Kind : std::uint8_t { text, signed_number, unsigned_number, real, truth };
  std::string_view name;  ///< printable ASCII without quotes and backslashes: it is not escaped
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

/// The level as it stands in a line: "DEBUG", "INFO", "WARN", "ERROR".
[[nodiscard]] std::string_view to_string(Level level) noexcept;

/// Builds lines: {"time":RFC 3339 in UTC with nine digits, "level":"INFO", "msg":..., fields in the
/// order of the call}, each a valid JSON object whatever the texts hold. Numbers that JSON does not
/// have (infinite, not a number) are written as null.
/// Thread: any one at a time.
class LineWriter {
 public:
  void begin(Level level, std::string_view message, WallTime time);
  void add(const Field& field);
  void add(std::string_view name, std::string_view text);
  void add(std::string_view name, std::int64_t number);
  void add(std::string_view name, std::uint64_t number);
  void add(std::string_view name, double number);
  void add(std::string_view name, std::same_as<bool> auto truth) {
    add_word(name, truth ? "true" : "false");
  }
  void end();

  /// What was written since the last clear(); whole lines between end() and begin().
  [[nodiscard]] std::string_view lines() const noexcept { return buffer_.view(); }
  /// Room for this many bytes without growing; before the first line.
  void reserve(std::size_t bytes) { static_cast<void>(buffer_.prepare(bytes)); }
  void clear() noexcept { buffer_.clear(); }  ///< keeps the memory

 private:
  void add_name(std::string_view name);
  void add_word(std::string_view name, std::string_view word);
  template <class T>
  void add_number(std::string_view name, T number);

  Buffer buffer_;
  TimeText time_text_;
};

}  // namespace butter::log
