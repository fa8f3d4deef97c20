#pragma once

#include <span>
#include <string>

#include "config/config.h"
#include "config/section.h"

namespace butter::config {

// The table of all keys: each stands here once, with its type, range and meaning; its default is
// the member initialiser of config.h. The parser, the JSON schema and the reference page come from
// it.

/// The whole file.
void describe(Section& root, Config& config);

inline constexpr Choice<log::Level> kLogLevels[] = {{"debug", log::Level::debug},
                                                    {"info", log::Level::info},
                                                    {"warn", log::Level::warn},
                                                    {"warning", log::Level::warn},
                                                    {"error", log::Level::error}};

/// `providers.<name>`. `provider` has its name; its timeouts are the defaults of this file.
void describe_provider(Section& section, Provider& provider);

/// `routing`. `providers` are the names that it may use.
void describe_routing(Section& section, Routing& routing, std::span<const std::string> providers);

/// `tls`, of a provider or of another server that we are the client of.
void describe_tls(Section& section, Tls& tls);

/// `redis`, wherever one is named.
void describe_redis(Section& section, Redis& redis);

/// `plugins.ratelimit`. `providers` are those that may have limits.
void describe_ratelimit(Section& section, RateLimit& limit, std::span<const Provider> providers);

/// `plugins`.
void describe_plugins(Section& section, Config& config);

/// `plugins.guard`.
void describe_guard(Section& section, Guard& guard);

/// `routes` and `models` of a plugin: which requests it sees.
void describe_filter(Section& section, std::vector<std::string>& routes,
                     std::vector<std::string>& models);

/// `wasm` and `wasm_plugins`.
void describe_wasm(Section& root, Config& config);

/// `cache` and `app_keys`: keys that are known and checked, but not served.
void describe_reserved(Section& root);

}  // namespace butter::config
