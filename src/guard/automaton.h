#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace butter::guard {

/// Finds phrases in texts, one step of a table for each byte, whatever the phrases and the text are
/// (Aho and Corasick, 1975). ASCII letters match in either case, and a run of blanks in the text
/// counts as one. Thread: any (immutable).
class Automaton {
 public:
  /// \param phrases  lower case; each byte but ASCII capitals stands for itself; no two blanks in a
  ///                 row, none empty
  /// \errors bad_config: more than kMostStates states
  [[nodiscard]] static Result<Automaton> make(std::span<const std::string> phrases);

  /// The index of the phrase whose end comes first in `text`, the longest where several end there.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view text) const noexcept;

  static constexpr std::size_t kMostStates = 0xffff;  ///< about the bytes of all phrases together

 private:
  using State = std::uint16_t;
  using Row = std::array<State, 256>;

  class Builder;

  [[nodiscard]] State step(State state, char c) const noexcept {
    return rows_[state][static_cast<unsigned char>(c)];
  }
  [[nodiscard]] State run(State state, std::string_view text) const noexcept;
  [[nodiscard]] bool occurs(std::string_view text) const noexcept;
  [[nodiscard]] bool crosses(State state, std::string_view next) const noexcept;

  // A state is what of the text so far begins a phrase, the longest there is; 0 = nothing does. A
  // state that ends a phrase is never left, so that only the last state of a run needs a look.
  std::vector<Row> rows_;
  std::vector<std::uint16_t> depth_;    ///< bytes of it
  std::vector<std::uint16_t> phrases_;  ///< the phrase that ends there, + 1; 0 = none
};

}  // namespace butter::guard
