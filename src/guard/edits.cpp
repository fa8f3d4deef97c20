#include "guard/edits.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace butter::guard {

void Edits::replace(std::size_t begin, std::size_t end, std::string_view by) {
  edits_.push_back({begin, end, std::string(by)});
}

void Edits::lay_over(Edits others) {
  std::vector<Edit> all;
  all.reserve(edits_.size() + others.edits_.size());
  auto edit = edits_.begin();
  for (Edit& other : others.edits_) {
    for (; edit != edits_.end() && edit->begin < other.end; ++edit) {
      if (edit->end <= other.begin) { all.push_back(std::move(*edit)); }
    }
    all.push_back(std::move(other));
  }
  std::ranges::move(edit, edits_.end(), std::back_inserter(all));
  edits_ = std::move(all);
}

}  // namespace butter::guard
