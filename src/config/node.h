#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace butter::config {

/// Where something stands in the file. Lines and columns start at 1; 0 = the file as a whole.
struct Place {
  int line = 0;
  int column = 0;
};

/// One value of the file. Aliases and merge keys are resolved: this is a tree.
struct Node {
  enum class Kind : std::uint8_t { null, scalar, sequence, mapping };
  struct Entry;

  Kind kind = Kind::null;
  Place at{};
  bool plain = false;     ///< a scalar without quotes: it may be a number or a bool
  std::string text{};     ///< of a scalar, after substitution
  std::string written{};  ///< what stands in the file where `text` came from a variable; else ""
  std::string unset{};    ///< the variable that this scalar needs and that is not set; else ""
  bool refused = false;   ///< a scalar that a complaint was made about already
  std::vector<Node> items;
  std::vector<Entry> entries;  ///< in the file's order, each key once
};

struct Node::Entry {
  std::string key;
  Place at;
  Node value;
};

/// "a list", for messages.
[[nodiscard]] constexpr std::string_view name_of(Node::Kind kind) noexcept {
  switch (kind) {
    case Node::Kind::null: return "nothing";
    case Node::Kind::scalar: return "a single value";
    case Node::Kind::sequence: return "a list";
    case Node::Kind::mapping: return "a mapping";
  }
  return "";
}

}  // namespace butter::config
