// Any bytes give a configuration or at least one complaint, never both and never a crash. What was
// accepted is consistent: routes name providers that exist.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "config/load.h"

namespace {

using namespace butter::config;

std::optional<std::string> variable(std::string_view name) {
  if (name == "SET") { return "value"; }
  if (name == "NUMBER") { return "7"; }
  if (name == "EMPTY") { return ""; }
  return std::nullopt;
}

bool is_defined(const Config& config, const std::string& provider) {
  return std::ranges::find(config.providers, provider, &Provider::name) != config.providers.end();
}

void require(bool holds) {
  if (!holds) { std::abort(); }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const Loaded loaded = load_text(input, "config.yaml", variable);
  require(loaded.config.has_value() == loaded.complaints.empty());
  for (const Complaint& complaint : loaded.complaints) {
    require(complaint.text().starts_with("config.yaml:") && !complaint.what.empty());
  }
  if (!loaded.config) { return 0; }

  const Routing& routing = loaded.config->routing;
  require(routing.default_provider.empty() || is_defined(*loaded.config, routing.default_provider));
  for (const Route& route : routing.models) {
    for (const RouteTarget& target : route.providers) {
      require(is_defined(*loaded.config, target.provider) && target.weight >= 0);
    }
  }
  return 0;
}
