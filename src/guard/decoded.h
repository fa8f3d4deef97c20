#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace butter::guard {

/// What stands between the quotes of a JSON string, decoded, and where each byte of it came from.
/// Thread: any one at a time.
class Decoded {
 public:
  /// Decodes; keeps its memory. What is malformed stands for itself.
  void assign(std::string_view raw);

  /// Valid until the next assign(); points into `raw` where there was nothing to decode.
  [[nodiscard]] std::string_view text() const noexcept { return text_; }

  /// Where in `raw` the byte of text() begins that stands at `at`; the size of `raw` for the end.
  /// \param at  where a character begins, not before that of the last call
  [[nodiscard]] std::size_t raw_offset(std::size_t at);

 private:
  std::string_view raw_;
  std::string_view text_;
  std::string memory_;
  std::size_t raw_at_ = 0, text_at_ = 0;  ///< of the last call
};

}  // namespace butter::guard
