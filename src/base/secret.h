#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>

namespace butter {

/// The last four characters of a key, for logs ("...k3f9"); only "..." when it has less than 12.
[[nodiscard]] std::string key_hint(std::string_view key);

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

  [[nodiscard]] std::string hint() const { return key_hint(value_); }

  friend bool operator==(const Secret&, const Secret&) = default;

 private:
  std::string value_;
};

std::ostream& operator<<(std::ostream&, const Secret&) = delete;

}  // namespace butter
