#include "config/substitute.h"

#include <cstdlib>
#include <optional>
#include <utility>

namespace butter::config {

namespace {

/// The value of what stands between `${` and `}`.
std::optional<std::string> value_of(std::string_view name, std::optional<std::string_view> fallback,
                                    const Environment& env) {
  std::optional<std::string> value = env(name);
  if (fallback && (!value || value->empty())) { return std::string(*fallback); }
  return value;
}

void substitute_scalar(Node& node, const std::string& path, const Environment& env,
                       Diagnostics& diagnostics) {
  auto result = substitute(node.text, env);
  if (!result) {
    node.refused = true;
    return diagnostics.refuse(node.at, path, result.error());
  }
  node.unset = std::move(result->unset);
  if (!result->changed) { return; }
  node.written = std::exchange(node.text, std::move(result->text));
  // Inside {} and [] a variable needs quotes, which say nothing about what its value is.
  node.plain = true;
}

}  // namespace

Environment process_environment() {
  return [](std::string_view name) -> std::optional<std::string> {
    const char* const value = std::getenv(std::string(name).c_str());
    if (value == nullptr) { return std::nullopt; }
    return value;
  };
}

std::expected<Substituted, std::string> substitute(std::string_view text, const Environment& env) {
  Substituted out;
  for (std::string_view rest = text;;) {
    const std::size_t start = rest.find("${");
    if (start == std::string_view::npos) {
      out.text += rest;
      break;
    }
    out.text += rest.substr(0, start);
    const std::size_t end = rest.find('}', start);
    if (end == std::string_view::npos) { return std::unexpected("\"${\" without its \"}\""); }
    const std::string_view inside = rest.substr(start + 2, end - start - 2);
    rest.remove_prefix(end + 1);

    const std::size_t dash = inside.find(":-");
    const std::string_view name = inside.substr(0, dash);
    if (name.empty()) { return std::unexpected("\"${}\" names no variable"); }
    std::optional<std::string_view> fallback;
    if (dash != std::string_view::npos) { fallback = inside.substr(dash + 2); }
    const std::optional<std::string> value = value_of(name, fallback, env);
    if (!value && out.unset.empty()) { out.unset = name; }
    out.text += value.value_or("");
    out.changed = true;
  }
  if (!out.unset.empty()) { return Substituted{std::string(text), out.unset, false}; }
  return out;
}

void substitute_tree(Node& node, const std::string& path, const Environment& env,
                     Diagnostics& diagnostics) {
  switch (node.kind) {
    case Node::Kind::null: return;
    case Node::Kind::scalar: return substitute_scalar(node, path, env, diagnostics);
    case Node::Kind::sequence:
      for (std::size_t i = 0; i < node.items.size(); ++i) {
        substitute_tree(node.items[i], path + '[' + std::to_string(i) + ']', env, diagnostics);
      }
      return;
    case Node::Kind::mapping:
      for (Node::Entry& entry : node.entries) {
        substitute_tree(entry.value, join_path(path, entry.key), env, diagnostics);
      }
      return;
  }
}

}  // namespace butter::config
