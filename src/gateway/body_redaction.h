#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "guard/redactor.h"

namespace butter::gateway {

/// What must not stand in a body that is logged: the providers' keys and the caller's app key, in
/// any case; with `redact_bodies` what the guard finds, too. Thread: any (immutable).
class BodyRedaction {
 public:
  explicit BodyRedaction(const config::Config& config);

  /// Puts hints in the place of keys, and the guard's words in the place of what it finds.
  /// \param app_key  the caller's; "" = it sent none
  void apply(std::string& text, std::string_view app_key) const;

  /// Of a text that was cut off, so many bytes at its end may be the beginning of a secret.
  [[nodiscard]] std::size_t longest_secret() const noexcept { return longest_; }

  /// A shorter key is no secret, and may be part of any word.
  static constexpr std::size_t kShortestKey = 8;

 private:
  std::vector<std::string> keys_;
  std::optional<guard::Redactor> redactor_;
  std::size_t longest_ = 256;
};

}  // namespace butter::gateway
