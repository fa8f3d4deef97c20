#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/config.h"
#include "routing/router.h"

namespace butter::routing::test {

inline config::Key key(std::string secret, double weight = 1,
                       std::vector<std::string> models = {}) {
  return {.key = Secret(std::move(secret)), .weight = weight, .models = std::move(models)};
}

inline config::Provider provider(std::string name, std::vector<config::Key> keys = {key("k")}) {
  config::Provider p;
  p.base_url = "https://" + name + ".test/v1";
  p.name = std::move(name);
  p.keys = std::move(keys);
  return p;
}

inline config::RouteTarget target(std::string provider, std::string model = "") {
  config::RouteTarget t;
  t.provider = std::move(provider);
  t.model = std::move(model);
  return t;
}

inline config::Route route(std::string model, std::vector<config::RouteTarget> targets,
                           config::Strategy strategy = config::Strategy::priority) {
  return {.model = std::move(model), .providers = std::move(targets), .strategy = strategy};
}

/// The name of a row in a table-driven test.
inline constexpr auto name_of = [](const auto& row) { return std::string(row.param.name); };

/// "openai:gpt-4o openrouter:openai/gpt-4o", or the error's text.
inline std::string text(const config::Config& config, const Result<Candidates>& result) {
  if (!result) { return result.error().detail; }
  std::string out;
  for (std::size_t i = 0; i < result->count; ++i) {
    const Candidate& candidate = result->items[i];
    if (i > 0) { out += ' '; }
    out += config.providers[candidate.provider].name + ":" + std::string(candidate.model);
  }
  return out;
}

}  // namespace butter::routing::test
