#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace butter::guard {

/// Changes to a text, in its order. Thread: any one at a time.
class Edits {
 public:
  /// What is behind all others.
  void replace(std::size_t begin, std::size_t end, std::string_view by);
  /// Adds others, which may stand anywhere; changes that are inside one of them are forgotten.
  void lay_over(Edits others);

  [[nodiscard]] bool empty() const noexcept { return edits_.empty(); }

  /// Appends the changed text to a std::string or a Buffer.
  template <class Out>
  void apply(std::string_view text, Out& out) const {
    std::size_t done = 0;
    for (const Edit& edit : edits_) {
      out.append(text.substr(done, edit.begin - done));
      out.append(std::string_view(edit.by));
      done = edit.end;
    }
    out.append(text.substr(done));
  }

 private:
  struct Edit {
    std::size_t begin, end;
    std::string by;
  };
  std::vector<Edit> edits_;
};

}  // namespace butter::guard
