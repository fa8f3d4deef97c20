#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace butter::routing {

/// Names and the positions they stand for, looked up without allocation. The names must outlive it.
/// Thread: any (immutable once sealed).
class NameIndex {
 public:
  void add(std::string_view name, std::uint16_t position) { rows_.emplace_back(name, position); }
  /// To be called after the last add() and before the first find().
  void seal() { std::ranges::stable_sort(rows_, {}, &Row::first); }

  /// The position of `name`, the first one added when there are several.
  [[nodiscard]] std::optional<std::uint16_t> find(std::string_view name) const noexcept {
    const auto row = std::ranges::lower_bound(rows_, name, {}, &Row::first);
    if (row == rows_.end() || row->first != name) { return std::nullopt; }
    return row->second;
  }

 private:
  using Row = std::pair<std::string_view, std::uint16_t>;
  std::vector<Row> rows_;
};

}  // namespace butter::routing
