#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/buffer.h"

namespace butter::redis {

/// Appends the head of a command of `words` words; as many append_word() must follow.
void append_command(Buffer& out, std::size_t words);
/// Appends one word of a command, whatever bytes it holds.
void append_word(Buffer& out, std::string_view word);

/// A script that the server runs in one piece, and keeps under the hash of its text.
/// Thread: any (immutable).
class Script {
 public:
  explicit Script(std::string text);

  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] const std::string& hash() const noexcept { return hash_; }

 private:
  std::string text_;
  std::string hash_;  ///< as EVALSHA takes it
};

}  // namespace butter::redis
