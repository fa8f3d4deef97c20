#include "guard/window.h"

#include <algorithm>
#include <utility>

namespace butter::guard {

std::string Window::label(std::string_view before, std::string_view label) {
  json_.read(before);
  const bool bare = content_ == Content::json && !json_.inside_string();
  return bare ? '"' + std::string(label) + '"' : std::string(label);
}

std::vector<Replacement> Window::take(const Sensitive& sensitive, std::string_view piece,
                                      Sensitive::Rest rest) {
  const std::string text = before_ + held_ + std::string(piece);
  const std::size_t base = before_.size() + held_.size();  // here the piece begins
  std::vector<Replacement> changes;
  Replacement front{.begin = 0, .end = 0};  // what was held, and what of the piece belongs to it
  const auto keep = [&](std::size_t begin, std::size_t end) {
    if (begin < base) { front.by.append(text, begin, std::min(end, base) - begin); }
  };
  std::size_t done = before_.size();
  while (true) {
    const Sensitive::Place place = sensitive.next(text, done, rest);
    keep(done, place.begin);
    const std::string_view between = std::string_view(text).substr(done, place.begin - done);
    if (place.label.empty()) {
      json_.read(between);
      done = place.begin;
      break;
    }
    std::string by = label(between, place.label);
    if (place.begin < base) {
      front.by += by;
      front.end = std::max(place.end, base) - base;
    } else {
      changes.push_back({place.begin - base, place.end - base, std::move(by)});
    }
    done = place.end;
  }
  if (!front.by.empty()) { changes.insert(changes.begin(), std::move(front)); }
  const std::size_t held_from = std::max(done, base) - base;
  if (held_from < piece.size()) { changes.push_back({held_from, piece.size(), ""}); }
  before_ = text.substr(done - std::min<std::size_t>(done, 1), std::min<std::size_t>(done, 1));
  held_ = text.substr(done);
  return changes;
}

}  // namespace butter::guard
