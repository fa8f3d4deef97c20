#include "config/table.h"

#include <string>
#include <utility>
#include <vector>

#include "config/checks.h"
#include "config/known_providers.h"

namespace butter::config {

namespace {

void describe_server(Section& s, Server& server) {
  constexpr std::uint64_t kGiB = 1024ull * 1024 * 1024;
  s.value("address", text(server.address, check_listen_address),
          "Where to listen: `host:port`, `:8080` for all addresses, `[::1]:8080` for IPv6.");
  s.value("workers", integer(server.workers, {.max = 1024}),
          "Threads that serve requests; 0 = one for each core.");
  s.value("read_timeout", duration(server.read_timeout, {.min = 1ms, .max = 24h}),
          "Limit for a request's head, for each wait for more of its body, and for an idle "
          "connection. After it a body must have come at 1 KiB/s or more.");
  s.value("write_timeout", duration(server.write_timeout, {.min = 1ms, .max = 24h}),
          "Limit for a client that reads nothing. When it is given it is also the default of "
          "`first_byte` and `total` of every provider.");
  s.value("shutdown_timeout", duration(server.shutdown_timeout, {.max = 24h}),
          "How long running requests may take to end after SIGTERM.");
  s.value("max_head_bytes", size(server.max_head_bytes, {.min = 256, .max = 16 * 1024 * 1024}),
          "Largest head of a request; a larger one is answered with 431.");
  s.value("max_body_bytes", size(server.max_body_bytes, {.min = 1, .max = 16 * kGiB}),
          "Largest body of a request; a larger one is answered with 413.");
  s.value("max_connections", integer(server.max_connections, {.min = 1, .max = 1'000'000}),
          "Client connections at one time, all workers together.");
}

void describe_log(Section& s, log::Level& level) {
  s.value(
      "level", choice(level, kLogLevels),
      "The least severe lines that are written. What becomes of the program itself, and warnings "
      "about the configuration, are always written.");
}

/// What a provider has before its own keys are read.
Provider blank_provider(std::string_view name, const Server& server, bool write_timeout_given) {
  Provider provider;
  provider.name = name;
  if (write_timeout_given) {
    provider.timeouts.first_byte = server.write_timeout;
    provider.timeouts.total = server.write_timeout;
  }
  return provider;
}

std::string providers_meaning() {
  std::string text = "The upstreams. A known name needs neither `type` nor `base_url`: ";
  for (const KnownProvider& known : known_providers()) { text.append(known.name).append(", "); }
  return text +
         "and every name that begins with azureopenai, which needs `base_url` and `api_version`.";
}

}  // namespace

void describe(Section& root, Config& config) {
  bool write_timeout_given = false;
  root.section("server", "The listening side.", [&](Section& s) {
    describe_server(s, config.server);
    write_timeout_given = s.taken("write_timeout");
  });
  root.section("log", "The log on standard output.",
               [&](Section& s) { describe_log(s, config.log_level); });

  std::vector<std::string> names;
  static const std::string kProviders = providers_meaning();
  root.map("providers", kProviders,
           {.label = "name",
            .check_name = check_provider_name,
            .item = [&](Section& s, std::string_view name) {
              Provider provider = blank_provider(name, config.server, write_timeout_given);
              describe_provider(s, provider);
              names.emplace_back(name);
              config.providers.push_back(std::move(provider));
            }});
  root.section("routing", "Which provider serves which model.",
               [&](Section& s) { describe_routing(s, config.routing, names); });
  root.section("plugins",
               "What runs beside every request. A plugin is on when its key is there, "
               "even without a value.",
               [&](Section& s) { describe_plugins(s, config); });
  describe_wasm(root, config);
  describe_reserved(root);
}

}  // namespace butter::config
