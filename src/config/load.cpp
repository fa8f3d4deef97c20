#include "config/load.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "base/strings.h"
#include "config/diagnostics.h"
#include "config/reader.h"
#include "config/substitute.h"
#include "config/table.h"
#include "config/yaml.h"

namespace butter::config {

namespace {

/// The provider that a path lies in; nullptr when it lies in none. One name may begin with another
/// one and a dot: the longest that fits is meant.
Provider* owner_of(std::string_view path, std::vector<Provider>& providers) {
  Provider* owner = nullptr;
  for (Provider& provider : providers) {
    if (path.starts_with("providers." + provider.name + '.') &&
        (owner == nullptr || owner->name.size() < provider.name.size())) {
      owner = &provider;
    }
  }
  return owner;
}

bool is_routed(const std::string& provider, const Routing& routing) {
  const auto leads_there = [&provider](const Route& route) {
    return std::ranges::find(route.providers, provider, &RouteTarget::provider) !=
           route.providers.end();
  };
  return routing.default_provider == provider || std::ranges::any_of(routing.models, leads_there);
}

/// A variable that is not set turns a provider off that no route needs; elsewhere it is a mistake.
void judge_unset(Config& config, Diagnostics& diagnostics) {
  for (const Unset& unset : diagnostics.unset()) {
    const Complaint& c = unset.complaint;
    const Place at{.line = c.line, .column = c.column};
    Provider* const provider = owner_of(c.path, config.providers);
    if (provider == nullptr || is_routed(provider->name, config.routing)) {
      diagnostics.refuse(at, c.path, c.what);
    } else {
      if (provider->off.empty()) { provider->off = c.what; }
      diagnostics.warn(at, c.path, c.what + "; provider " + quoted(provider->name) + " is off");
    }
  }
}

Loaded unreadable(const std::string& path, std::string_view operation, int error) {
  std::string reason = std::generic_category().message(error);
  reason.front() = to_lower(reason.front());
  Loaded loaded;
  loaded.complaints.push_back(
      {.what = "reading config file: " + std::string(operation) + ' ' + path + ": " + reason});
  return loaded;
}

}  // namespace

Loaded load_text(std::string_view yaml, std::string_view file_name, const Environment& env) {
  Diagnostics diagnostics{std::string(file_name)};
  Config config;
  config.path = file_name;
  if (std::optional<Node> root = parse_yaml(yaml, diagnostics)) {
    substitute_tree(*root, "", env, diagnostics);
    Reader::read(*root, "", diagnostics, [&config](Section& s) { describe(s, config); });
    judge_unset(config, diagnostics);
  }
  Loaded loaded;
  if (diagnostics.clean()) {
    config.warnings = diagnostics.take_warnings();
    loaded.config = std::move(config);
  } else {
    loaded.complaints = diagnostics.take_complaints();
  }
  return loaded;
}

Loaded load_file(const std::string& path, const Environment& env) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) { return unreadable(path, "open", errno); }
  errno = 0;
  std::string yaml;
  try {
    yaml.assign(std::istreambuf_iterator<char>(file), {});
  } catch (const std::ios_base::failure&) {  // libstdc++ throws it when the path is a folder
    return unreadable(path, "read", errno == 0 ? EIO : errno);
  }
  return load_text(yaml, path, env);
}

}  // namespace butter::config
