#include "config/yaml.h"

#include <yaml-cpp/anchor.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/strings.h"
#include "json/utf8.h"

namespace butter::config {

namespace {

constexpr std::size_t kMostBytes = 4 * 1024 * 1024;
constexpr std::size_t kMostNodes = 200'000;
constexpr std::size_t kDeepest = 64;

Place place_of(const YAML::Mark& mark) {
  return mark.is_null() ? Place{} : Place{.line = mark.line + 1, .column = mark.column + 1};
}

/// A finished value and what it costs.
struct Built {
  Node node{};
  std::size_t nodes = 1;
  std::size_t height = 1;
};

/// A list or mapping whose end has not come yet.
struct Open {
  Built built;
  YAML::anchor_t anchor = 0;
  bool has_key = false;
  bool merge_key = false;
  std::string key;
  Place key_at;
  std::unordered_map<std::string, int> lines;  ///< of the keys so far
  std::vector<Node> merged;                    ///< values of `<<`
};

/// Builds the tree from the parser's events. Once stopped it ignores what still comes: the parser
/// cannot be told to end.
class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  [[nodiscard]] bool stopped() const noexcept { return stopped_; }
  [[nodiscard]] std::optional<Node> take() {
    return stopped_ ? std::nullopt : std::exchange(root_, std::nullopt);
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ == 1) {
      stop(place_of(mark), "text after the end of the document; a file holds only one");
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add({.node = {.kind = Node::Kind::null, .at = place_of(mark)}}, anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (stopped_) { return; }
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) { return stop(place_of(mark), "an anchor contains itself"); }
    add(Built(found->second), 0);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    // "?" stands for a scalar without quotes and without a tag.
    const bool plain =
        tag == "?" || tag.ends_with(":int") || tag.ends_with(":float") || tag.ends_with(":bool");
    Node node{.kind = Node::Kind::scalar, .at = place_of(mark), .plain = plain, .text = value};
    add({.node = std::move(node)}, anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(Node::Kind::sequence, mark, anchor);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(Node::Kind::mapping, mark, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  void stop(Place at, std::string what) {
    if (!stopped_) { diagnostics_.refuse(at, path(), std::move(what)); }
    stopped_ = true;
  }

  [[nodiscard]] std::string path() const {
    std::string out;
    for (const Open& level : open_) {
      if (level.built.node.kind == Node::Kind::sequence) {
        out += '[' + std::to_string(level.built.node.items.size()) + ']';
      } else if (level.has_key) {
        out = join_path(out, level.key);
      }
    }
    return out;
  }

  void open(Node::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (stopped_) { return; }
    if (open_.size() == kDeepest) { return stop(place_of(mark), "nested too deeply"); }
    Open level;
    level.built.node.kind = kind;
    level.built.node.at = place_of(mark);
    level.anchor = anchor;
    open_.push_back(std::move(level));
  }

  void close() {
    if (stopped_) { return; }
    Open done = std::move(open_.back());
    open_.pop_back();
    for (Node& other : done.merged) { merge(done, std::move(other)); }
    add(std::move(done.built), done.anchor);
  }

  void add(Built built, YAML::anchor_t anchor) {
    if (stopped_) { return; }
    nodes_ += built.nodes;
    if (nodes_ > kMostNodes) { return stop(built.node.at, "too many values"); }
    if (open_.size() + built.height > kDeepest) { return stop(built.node.at, "nested too deeply"); }
    if (anchor != 0) { anchors_.insert_or_assign(anchor, built); }
    if (open_.empty()) {
      root_ = std::move(built.node);
      return;
    }
    Open& parent = open_.back();
    parent.built.nodes += built.nodes;
    parent.built.height = std::max(parent.built.height, built.height + 1);
    if (parent.built.node.kind == Node::Kind::sequence) {
      parent.built.node.items.push_back(std::move(built.node));
    } else if (!parent.has_key) {
      add_key(parent, std::move(built.node));
    } else {
      add_entry(parent, std::move(built.node));
    }
  }

  void add_key(Open& parent, Node key) {
    if (key.kind != Node::Kind::scalar) {
      return stop(key.at, "a key must be a word, not " + std::string(name_of(key.kind)));
    }
    parent.has_key = true;
    parent.key_at = key.at;
    parent.key = key.text;
    parent.merge_key = key.plain && key.text == "<<";  // in quotes it is a key like any other
    const auto [first, added] = parent.lines.try_emplace(key.text, key.at.line);
    if (!added) {
      diagnostics_.refuse(key.at, path(),
                          "mapping key " + quoted(key.text) + " already defined at line " +
                              std::to_string(first->second));
    }
  }

  void add_entry(Open& parent, Node value) {
    // The parser finds nothing where the next thing is, perhaps lines below.
    if (value.kind == Node::Kind::null) { value.at = parent.key_at; }
    if (parent.merge_key) {
      collect_merge(parent, std::move(value));
    } else {
      parent.built.node.entries.push_back(
          {.key = std::move(parent.key), .at = parent.key_at, .value = std::move(value)});
    }
    parent.has_key = false;
  }

  void collect_merge(Open& parent, Node value) {
    std::vector<Node> maps;
    if (value.kind == Node::Kind::sequence) {
      maps = std::move(value.items);
    } else {
      maps.push_back(std::move(value));
    }
    for (Node& map : maps) {
      if (map.kind != Node::Kind::mapping) {
        return stop(map.at, "map merge requires map or sequence of maps as the value");
      }
      parent.merged.push_back(std::move(map));
    }
  }

  /// The keys that a mapping has itself win; of several merged mappings the first does.
  static void merge(Open& into, Node other) {
    for (Node::Entry& entry : other.entries) {
      if (into.lines.try_emplace(entry.key, entry.at.line).second) {
        into.built.node.entries.push_back(std::move(entry));
      }
    }
  }

  Diagnostics& diagnostics_;
  std::vector<Open> open_;
  std::unordered_map<YAML::anchor_t, Built> anchors_;
  std::optional<Node> root_;
  std::size_t nodes_ = 0;
  int documents_ = 0;
  bool stopped_ = false;
};

/// The line and column of a byte.
Place place_in(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  return {.line = static_cast<int>(std::ranges::count(before, '\n')) + 1,
          .column = static_cast<int>(offset - line_start) + 1};
}

/// Bytes that no YAML file holds. The parser would take 0x04 for the end of the file, and guess
/// other encodings than UTF-8.
bool is_text(std::string_view text, Diagnostics& diagnostics) {
  if (text.size() > kMostBytes) {
    diagnostics.refuse({}, "", "the file is larger than 4 MiB");
    return false;
  }
  const std::size_t fault = json::utf8_fault(text);
  if (fault != text.size()) {
    diagnostics.refuse(place_in(text, fault), "", "not UTF-8");
    return false;
  }
  const auto control = std::ranges::find_if(text, [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') ||
           c == 0x7f;
  });
  if (control != text.end()) {
    const auto offset = static_cast<std::size_t>(control - text.begin());
    diagnostics.refuse(place_in(text, offset), "", "a control character");
    return false;
  }
  return true;
}

}  // namespace

std::optional<Node> parse_yaml(std::string_view text, Diagnostics& diagnostics) {
  if (!is_text(text, diagnostics)) { return std::nullopt; }
  TreeBuilder builder(diagnostics);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    // A comma outside of brackets is a document to the parser, again and again: it never gets past
    // it.
    while (!builder.stopped() && parser.HandleNextDocument(builder)) {}
  } catch (const YAML::Exception& error) {
    diagnostics.refuse(place_of(error.mark), "", "not YAML: " + error.msg);
    return std::nullopt;
  }
  std::optional<Node> root = builder.take();
  if (diagnostics.clean() && (!root || root->kind == Node::Kind::null)) {
    diagnostics.refuse({}, "", "the file is empty");
    return std::nullopt;
  }
  return root;
}

}  // namespace butter::config
