#include "config/known_providers.h"
#include "config/load.h"

namespace butter::config {

Config built_in(const Environment& env) {
  Config config;
  config.metrics.enabled = true;
  config.requestlog.enabled = true;
  config.routing.default_provider = "mock";
  config.routing.failover.enabled = true;
  Provider& mock = config.providers.emplace_back();
  mock.name = config.routing.default_provider;
  mock.type = ProviderType::mock;
  for (const KnownProvider& known : known_providers()) {
    if (known.variable.empty()) { continue; }
    std::optional<std::string> key = env(known.variable);
    if (!key || key->empty()) { continue; }
    Provider& provider = config.providers.emplace_back();
    provider.name = known.name;
    provider.type = known.type;
    provider.base_url = known.base_url;
    provider.keys.emplace_back().key = Secret(*std::move(key));
  }
  return config;
}

}  // namespace butter::config
