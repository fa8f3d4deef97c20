#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "wasm/abi.h"
#include "wasm/settings.h"

namespace butter::app {

/// What `butter plugin test` is asked to do.
struct PluginArguments {
  wasm::Settings settings;  ///< `path` is the file's, `name` the file's without folder and ending
  std::string library;      ///< "" = as the gateway finds it
  std::string cache_dir;    ///< for compiled modules; "" = none is kept
  std::string request;      ///< file of the request's body; "" = none
  std::string response;     ///< file of the answer's body; "" = none
  std::string provider = "test";
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<wasm::Hook> hooks;  ///< empty = all that the plugin has
  unsigned times = 1;             ///< calls of each hook
  bool expose_secrets = false;
};

/// \param words  after `butter plugin`
/// \errors bad_config that says which word is wrong
[[nodiscard]] Result<PluginArguments> parse_plugin_arguments(std::span<const char* const> words);

[[nodiscard]] std::string plugin_usage();

}  // namespace butter::app
