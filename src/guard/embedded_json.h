#pragma once

#include <string_view>

namespace butter::guard {

/// Where one is in a JSON text that is itself written as a string, such as the arguments of a call:
/// what is put in the place of a number must be a string of its own. Thread: any one at a time.
class EmbeddedJson {
 public:
  void read(std::string_view text) noexcept {
    for (const char c : text) {
      const bool escaped = escaped_;
      escaped_ = inside_ && !escaped && c == '\\';
      if (c == '"' && !escaped) { inside_ = !inside_; }
    }
  }
  [[nodiscard]] bool inside_string() const noexcept { return inside_; }

 private:
  bool inside_ = false;
  bool escaped_ = false;
};

}  // namespace butter::guard
