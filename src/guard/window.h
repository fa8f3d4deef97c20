#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "guard/embedded_json.h"
#include "guard/sensitive.h"

namespace butter::guard {

/// What a text is: JSON has a syntax that must be kept.
enum class Content : unsigned char { prose, json };

/// A part of a text and what stands there instead.
struct Replacement {
  std::size_t begin, end;
  std::string by;
};

/// Redacts a text that comes in pieces, however it is cut: what may be the beginning of something
/// is held back until it is decided. Thread: any one at a time.
class Window {
 public:
  explicit Window(Content content = Content::prose) noexcept : content_(content) {}

  /// \return changes to the piece, in their order; what was held before it comes in front of it,
  ///         what is held now goes. Together with `rest` none nothing is held
  [[nodiscard]] std::vector<Replacement> take(const Sensitive& sensitive, std::string_view piece,
                                              Sensitive::Rest rest);

  [[nodiscard]] std::string_view held() const noexcept { return held_; }

 private:
  /// What stands for a place. \param before  the text since the last one
  std::string label(std::string_view before, std::string_view label);

  Content content_;
  EmbeddedJson json_;
  std::string before_;  ///< the byte before what is held; "" at the beginning
  std::string held_;
};

}  // namespace butter::guard
