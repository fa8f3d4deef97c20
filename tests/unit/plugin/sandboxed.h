#pragma once

#include <gtest/gtest.h>

#include "unit/plugin/fake.h"

namespace butter::plugin::test {

/// The exerciser as a configuration names it.
[[nodiscard]] inline config::WasmPlugin exerciser(std::optional<std::uint32_t> threads = {}) {
  config::WasmPlugin plugin;
  plugin.name = "ex";
  plugin.path = BUTTER_EXERCISER;
  plugin.timeout = 5s;  // slow builds have a wide limit
  plugin.threads = threads;
  return plugin;
}

[[nodiscard]] inline config::Config config_of(config::WasmPlugin plugin) {
  config::Config config;
  config.wasm.library = BUTTER_EXTISM;
  config.wasm_plugins = {std::move(plugin)};
  return config;
}

/// A chain of one plugin, made as at start.
[[nodiscard]] inline std::shared_ptr<const Chain> chain_of(const config::Config& config,
                                                           log::Sink& sink,
                                                           const Chain* before = nullptr) {
  auto made = Chain::make(config, sink, before);
  if (!made) {
    ADD_FAILURE() << made.error().detail;
    return std::make_shared<const Chain>();
  }
  return *std::move(made);
}

}  // namespace butter::plugin::test
