#pragma once

#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/buffer.h"
#include "config/config.h"
#include "config/load.h"
#include "gateway/snapshot.h"
#include "http/head.h"

namespace butter::gateway::test {

/// An environment with these variables and no others.
inline config::Environment environment(std::map<std::string, std::string, std::less<>> variables) {
  return [variables = std::move(variables)](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

inline config::Provider provider(std::string name, std::string base_url = "http://up.test/v1") {
  config::Provider out;
  out.name = std::move(name);
  out.base_url = std::move(base_url);
  return out;
}

/// A configuration with metrics, the request log and these providers; the first is the default.
inline config::Config config_of(std::initializer_list<config::Provider> providers) {
  config::Config out;
  out.providers = providers;
  if (!out.providers.empty()) { out.routing.default_provider = out.providers[0].name; }
  out.metrics.enabled = true;
  out.requestlog.enabled = true;
  return out;
}

/// The snapshot of a configuration that is known to be good.
inline std::shared_ptr<const Snapshot> snapshot_of(config::Config config) {
  return Snapshot::make(std::move(config), environment({}), nullptr).value();
}

inline http::Fields fields_of(
    std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  http::Fields out;
  for (const auto& [name, value] : fields) { static_cast<void>(out.add({name, value})); }
  return out;
}

/// The name of a row in a table-driven test.
inline constexpr auto name_of = [](const auto& row) { return std::string(row.param.name); };

}  // namespace butter::gateway::test
