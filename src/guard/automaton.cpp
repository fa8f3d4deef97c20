#include "guard/automaton.h"

#include <utility>

#include "base/strings.h"

namespace butter::guard {

namespace {

constexpr char kBlank = ' ';

// Steps of one text wait for each other, those of several do not: a long text is cut into so many
// pieces that are walked side by side.
constexpr std::size_t kLanes = 8;
constexpr std::size_t kShort = 64 * kLanes;

}  // namespace

/// Makes the tree of all phrases, then an automaton of it.
class Automaton::Builder {
 public:
  Builder() { add_state(0, '\0'); }

  bool add(std::string_view phrase, std::size_t index) {
    State state = 0;
    for (const char c : phrase) {
      if (made_.phrases_[state] != 0) { return true; }  // another ends sooner
      State next = made_.step(state, c);
      if (next == 0) {
        if (made_.rows_.size() >= kMostStates) { return false; }
        next = static_cast<State>(made_.rows_.size());
        made_.rows_[state][static_cast<unsigned char>(c)] = next;
        add_state(static_cast<std::uint16_t>(made_.depth_[state] + 1), c);
      }
      state = next;
    }
    if (made_.phrases_[state] == 0) { made_.phrases_[state] = static_cast<State>(index + 1); }
    return true;
  }

  Automaton finish() && {
    std::vector<State> queue{0};
    for (std::size_t i = 0; i < queue.size(); ++i) { complete(queue[i], queue); }
    for (Row& row : made_.rows_) {
      for (char c = 'A'; c <= 'Z'; ++c) {
        row[static_cast<unsigned char>(c)] = row[static_cast<unsigned char>(to_lower(c))];
      }
    }
    return std::move(made_);
  }

 private:
  void add_state(std::uint16_t depth, char last) {
    made_.rows_.emplace_back();
    made_.depth_.push_back(depth);
    made_.phrases_.push_back(0);
    fallback_.push_back(0);
    last_.push_back(last);
  }

  /// Where the tree does not go on, it goes on from the longest end of what was read that begins a
  /// phrase. States come in the order of their depth.
  void complete(State state, std::vector<State>& queue) {
    const State back = fallback_[state];
    if (made_.phrases_[state] == 0) { made_.phrases_[state] = made_.phrases_[back]; }
    Row& row = made_.rows_[state];
    if (made_.phrases_[state] != 0) { return row.fill(state); }
    for (std::size_t c = 0; c < row.size(); ++c) {
      const State beside = state == 0 ? State{0} : made_.rows_[back][c];
      if (row[c] == 0) {
        row[c] = beside;
      } else {
        fallback_[row[c]] = beside;
        queue.push_back(row[c]);
      }
    }
    if (last_[state] == kBlank) { row[static_cast<unsigned char>(kBlank)] = state; }
  }

  Automaton made_;
  std::vector<State> fallback_;
  std::vector<char> last_;
};

Result<Automaton> Automaton::make(std::span<const std::string> phrases) {
  Builder builder;
  for (std::size_t i = 0; i < phrases.size(); ++i) {
    if (!builder.add(phrases[i], i)) { return fail(Errc::bad_config, "too many phrases"); }
  }
  return std::move(builder).finish();
}

Automaton::State Automaton::run(State state, std::string_view text) const noexcept {
  for (const char c : text) { state = step(state, c); }
  return state;
}

/// Whether a phrase that has begun in `state` ends in what follows.
bool Automaton::crosses(State state, std::string_view next) const noexcept {
  // A state deeper than what was read since began before it. Blanks that count as one are no step.
  std::size_t steps = 0;
  for (std::size_t i = 0; i < next.size() && phrases_[state] == 0; ++i) {
    if (depth_[state] <= steps) { return false; }
    const State before = std::exchange(state, step(state, next[i]));
    if (state != before || next[i] != kBlank) { ++steps; }
  }
  return phrases_[state] != 0;
}

bool Automaton::occurs(std::string_view text) const noexcept {
  const std::size_t size = text.size() / kLanes;
  std::array<State, kLanes> states{};
  std::array<const char*, kLanes> begins{};
  for (std::size_t lane = 0; lane < kLanes; ++lane) { begins[lane] = text.data() + lane * size; }
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      states[lane] = step(states[lane], begins[lane][i]);
    }
  }
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    if (crosses(states[lane], text.substr((lane + 1) * size))) { return true; }
  }
  return phrases_[run(0, text.substr(kLanes * size))] != 0;
}

std::optional<std::size_t> Automaton::find(std::string_view text) const noexcept {
  if (text.size() >= kShort && !occurs(text)) { return std::nullopt; }
  const State end = run(0, text);
  if (phrases_[end] == 0) { return std::nullopt; }
  return phrases_[end] - 1U;
}

}  // namespace butter::guard
