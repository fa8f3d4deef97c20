#include "config/reader.h"

#include <algorithm>

#include "base/strings.h"

namespace butter::config {

void Reader::read(const Node& node, const std::string& path, Diagnostics& diagnostics,
                  const Body& body) {
  if (node.kind != Node::Kind::mapping && node.kind != Node::Kind::null) {
    diagnostics.refuse(node.at, path, "expected a mapping, got " + std::string(name_of(node.kind)));
    return;
  }
  Reader reader(node, path, diagnostics);
  body(reader);
  reader.refuse_unknown_keys();
}

void Reader::value(std::string_view key, const Field& field, std::string_view) {
  const Node* const node = take(key, Node::Kind::scalar, expected(field));
  if (node != nullptr && read_scalar(*node, join_path(path_, key), field)) {
    taken_.emplace_back(key);
  }
}

void Reader::values(std::string_view key, const Values& values, std::string_view) {
  const Node* const node = take(key, Node::Kind::sequence, "a list");
  if (node == nullptr) { return; }
  values.clear();
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    const std::string path = join_path(path_, key) + '[' + std::to_string(i) + ']';
    const Field field = values.add();
    const Node& item = node->items[i];
    if (item.kind == Node::Kind::scalar) {
      static_cast<void>(read_scalar(item, path, field));
    } else {
      diagnostics_.refuse(
          item.at, path,
          "expected " + expected(field) + ", got " + std::string(name_of(item.kind)));
    }
  }
}

void Reader::dictionary(std::string_view key, const Dictionary& names, std::string_view) {
  const Node* const node = take(key, Node::Kind::mapping, "a mapping");
  if (node == nullptr) { return; }
  for (const Node::Entry& entry : node->entries) {
    const std::string path = join_path(join_path(path_, key), entry.key);
    if (!good_name(entry, path, names.check_name)) { continue; }
    const Field field = names.add(entry.key);
    if (entry.value.kind == Node::Kind::scalar) {
      static_cast<void>(read_scalar(entry.value, path, field));
    } else {
      diagnostics_.refuse(
          entry.value.at, path,
          "expected " + expected(field) + ", got " + std::string(name_of(entry.value.kind)));
    }
  }
}

void Reader::section(std::string_view key, std::string_view, const Body& body) {
  static const Node kEmpty;
  const Node* const node = take(key, Node::Kind::mapping, "a mapping");
  // The body runs for an absent section, too: it may have mandatory keys.
  read(node == nullptr ? kEmpty : *node, join_path(path_, key), diagnostics_, body);
}

void Reader::list(std::string_view key, std::string_view, const SectionList& list) {
  const Node* const node = take(key, Node::Kind::sequence, "a list");
  if (node == nullptr) { return; }
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    const std::string path = join_path(path_, key) + '[' + std::to_string(i) + ']';
    const Node& item = node->items[i];
    if (item.kind == Node::Kind::scalar && !list.shorthand.empty()) {
      Node mapping{.kind = Node::Kind::mapping, .at = item.at};
      mapping.entries.push_back({.key = std::string(list.shorthand), .at = item.at, .value = item});
      read(mapping, path, diagnostics_, list.item);
    } else if (item.kind == Node::Kind::null) {
      diagnostics_.refuse(item.at, path, "expected a mapping, got nothing");
    } else {
      read(item, path, diagnostics_, list.item);
    }
  }
}

void Reader::map(std::string_view key, std::string_view, const SectionMap& map) {
  const Node* const node = take(key, Node::Kind::mapping, "a mapping");
  if (node == nullptr) { return; }
  for (const Node::Entry& entry : node->entries) {
    const std::string path = join_path(join_path(path_, key), entry.key);
    if (!good_name(entry, path, map.check_name)) { continue; }
    read(entry.value, path, diagnostics_,
         [&map, &entry](Section& section) { map.item(section, entry.key); });
  }
}

bool Reader::present(std::string_view key) const {
  return find(key) != nullptr;
}

bool Reader::given(std::string_view key) const {
  const Node::Entry* const entry = find(key);
  return entry != nullptr && entry->value.kind != Node::Kind::null;
}

bool Reader::taken(std::string_view key) const {
  return std::ranges::find(taken_, key) != taken_.end();
}

void Reader::refuse(std::string_view key, std::string what) {
  diagnostics_.refuse(place_of(key), join_path(path_, key), std::move(what));
}

void Reader::warn(std::string_view key, std::string what) {
  diagnostics_.warn(place_of(key), join_path(path_, key), std::move(what));
}

const Node::Entry* Reader::find(std::string_view key) const {
  const auto found = std::ranges::find(node_.entries, key, &Node::Entry::key);
  return found == node_.entries.end() ? nullptr : &*found;
}

const Node* Reader::take(std::string_view key, Node::Kind kind, std::string_view expected) {
  known_.emplace_back(key);
  const Node::Entry* const entry = find(key);
  if (entry == nullptr || entry->value.kind == Node::Kind::null) { return nullptr; }
  if (entry->value.kind == kind) { return &entry->value; }
  diagnostics_.refuse(
      entry->value.at, join_path(path_, key),
      "expected " + std::string(expected) + ", got " +
          (entry->value.kind == Node::Kind::scalar
               ? quoted(entry->value.written.empty() ? entry->value.text : entry->value.written)
               : std::string(name_of(entry->value.kind))));
  return nullptr;
}

bool Reader::read_scalar(const Node& node, const std::string& path, const Field& field) {
  if (node.refused) { return false; }
  if (!node.unset.empty()) {
    diagnostics_.unset(node.at, path, node.unset);
    return false;
  }
  Refusal refusal = field.set({.text = node.text,
                               .plain = node.plain,
                               .shown = node.written.empty() ? node.text : node.written});
  if (!refusal) { return true; }
  diagnostics_.refuse(node.at, path, *std::move(refusal));
  return false;
}

bool Reader::good_name(const Node::Entry& entry, const std::string& path, Check check) {
  const Refusal refusal = check == nullptr ? std::nullopt : check(entry.key);
  if (refusal) { diagnostics_.refuse(entry.at, path, "the name " + *refusal); }
  return !refusal;
}

Place Reader::place_of(std::string_view key) const {
  const Node::Entry* const entry = find(key);
  return entry == nullptr ? node_.at : entry->value.at;
}

void Reader::refuse_unknown_keys() {
  for (const Node::Entry& entry : node_.entries) {
    if (std::ranges::find(known_, entry.key) != known_.end()) { continue; }
    diagnostics_.refuse(entry.at, join_path(path_, entry.key),
                        "unknown key" + did_you_mean(entry.key, known_));
  }
}

}  // namespace butter::config
