#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace butter::guard {

/// What becomes of a request in which something was found.
enum class Mode : std::uint8_t {
  block,  ///< it is refused
  log,    ///< it goes on, the log says so
  tag,    ///< it goes on, its metadata say so
};

/// What may be made unreadable.
struct Redaction {
  bool email = false;
  bool card = false;  ///< payment cards
  bool iban = false;
  bool key = false;  ///< of APIs: OpenAI's and Anthropic's, AWS's, GitHub's, Google's, Slack's

  [[nodiscard]] bool any() const noexcept { return email || card || iban || key; }
};

struct Settings {
  Mode mode = Mode::block;
  /// Whose texts are looked at: `user`, `assistant`, `tool`, `system`; `all`.
  std::vector<std::string> scan_roles{"user", "assistant", "tool"};
  bool default_phrases = true;
  std::vector<std::string> phrases;   ///< more of them, found however they are written
  std::vector<std::string> patterns;  ///< regular expressions (RE2), without regard to case
  Redaction redaction;
};

}  // namespace butter::guard
