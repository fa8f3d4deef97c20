#pragma once

#include <cstdint>
#include <string_view>

namespace butter::gateway {

/// Whether an answer that must be one JSON object may be whole, told by its last byte. Framing does
/// not tell it when the body ends with the connection, or under a length that is wrong.
/// Thread: worker-local.
class ObjectEnd {
 public:
  enum class Wanted : std::uint8_t { no, yes };

  void start(Wanted wanted) noexcept {
    wanted_ = wanted;
    last_ = '\0';
  }
  void feed(std::string_view piece) noexcept;
  [[nodiscard]] bool wanted() const noexcept { return wanted_ == Wanted::yes; }
  /// True, too, when no object is wanted.
  [[nodiscard]] bool may_be_whole() const noexcept { return wanted_ == Wanted::no || last_ == '}'; }

 private:
  Wanted wanted_ = Wanted::no;
  char last_ = '\0';  ///< that is no white space
};

}  // namespace butter::gateway
