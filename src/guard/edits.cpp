#include "guard/edits.h"

#include <algorithm>

namespace butter::guard {

void Edits::replace(std::size_t begin, std::size_t end, std::string_view by) {
  edits_.push_back({begin, end, std::string(by)});
}

void Edits::replace_all_in(std::size_t begin, std::size_t end, std::string_view by) {
  std::erase_if(edits_, [=](const Edit& edit) { return edit.begin >= begin && edit.end <= end; });
  const auto behind =
      std::ranges::find_if(edits_, [=](const Edit& edit) { return edit.begin >= end; });
  edits_.insert(behind, {begin, end, std::string(by)});
}

}  // namespace butter::guard
