#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace butter::differential {

enum class Kind : std::uint8_t { request, response };

/// What a parser makes of one complete head.
struct Reading {
  std::string refusal;  ///< why it was refused, "" when it was taken
  std::string start;    ///< the method, or the status in decimal
  bool http_1_0 = false;
  bool chunked = false;
  bool has_length = false;
  std::uint64_t length = 0;
  std::vector<std::pair<std::string, std::string>> fields;

  [[nodiscard]] bool taken() const noexcept { return refusal.empty(); }
  friend bool operator==(const Reading&, const Reading&) = default;
};

[[nodiscard]] Reading read_with_butter(Kind kind, std::string_view head);

/// llhttp with its lenient flags all off.
[[nodiscard]] Reading read_with_llhttp(Kind kind, std::string_view head);

}  // namespace butter::differential
