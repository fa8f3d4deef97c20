#pragma once

#include <cstdlib>
#include <string_view>
#include <vector>

namespace butter::fuzz {

/// Ends the run when what must hold does not.
inline void require(bool holds) {
  if (!holds) { std::abort(); }
}

/// Calls `run(parts)` with the input cut in two at many places and cut into single bytes; each
/// outcome must equal that of the whole.
template <class Run>
void same_wherever_cut(std::string_view input, Run run) {
  const auto whole = run(std::vector<std::string_view>{input});
  const std::size_t step = input.size() / 64 + 1;
  for (std::size_t cut = 1; cut < input.size(); cut += step) {
    require(run(std::vector<std::string_view>{input.substr(0, cut), input.substr(cut)}) == whole);
  }
  std::vector<std::string_view> bytes;
  for (std::size_t i = 0; i < input.size(); ++i) { bytes.push_back(input.substr(i, 1)); }
  require(run(bytes) == whole);
}

}  // namespace butter::fuzz
