#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>

namespace butter {

/// An upstream API key.
///
/// A value: copied, moved, compared. It cannot reach a log by accident: no conversion, no stream
/// operator, and `reveal()` is the one word to search for in a review. Thread: any one at a time;
/// any when const.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}

  [[nodiscard]] std::string_view reveal() const noexcept { return value_; }
  [[nodiscard]] bool empty() const noexcept { return value_.empty(); }

  /// The last four characters for logs ("...k3f9"); only "..." when shorter than 12.
  [[nodiscard]] std::string hint() const;

  friend bool operator==(const Secret&, const Secret&) = default;

 private:
  std::string value_;
};

std::ostream& operator<<(std::ostream&, const Secret&) = delete;

}  // namespace butter
