#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/buffer.h"

namespace butter::gateway {

/// Finds `usage` in an answer that is passed on as it comes: it stands near the end in every API.
/// An answer that comes in one piece is not copied. Thread: worker-local.
class UsageTail {
 public:
  static constexpr std::size_t kSize = 2048;  ///< how far from the end it may begin

  /// \param size  of the body, where it is known
  void start(std::optional<std::uint64_t> size) noexcept;
  void feed(std::string_view piece);

  /// The value of the last `usage`, as far as it came; "" when there is none. Valid until the piece
  /// that was fed last is gone.
  [[nodiscard]] std::string_view usage() const noexcept;

  [[nodiscard]] Buffer& memory() noexcept { return kept_; }  ///< to take it back

 private:
  std::uint64_t fed_ = 0;
  std::optional<std::uint64_t> size_;
  std::string_view only_;  ///< the whole body, when it came in one piece
  Buffer kept_;            ///< its end, when it did not
};

}  // namespace butter::gateway
