#include <algorithm>
#include <string>
#include <vector>

#include "base/strings.h"
#include "config/checks.h"
#include "config/table.h"

namespace butter::config {

namespace {

constexpr Choice<OnFailure> kOnFailure[] = {{"open", OnFailure::open},
                                            {"closed", OnFailure::closed}};
constexpr Choice<bool> kIsolation[] = {{"warm", false}, {"per_call", true}};

/// A path of ours, with `*` at its end for any rest.
Refusal check_route(std::string_view path) {
  if (!path.starts_with('/')) { return "must begin with /"; }
  return std::nullopt;
}

/// A host's name, in which `*` stands for anything; no scheme, port or path.
Refusal check_host_pattern(std::string_view host) {
  if (host.empty() || host.find_first_of("/: ") != std::string_view::npos) {
    return "expected a host without scheme, port and path";
  }
  return std::nullopt;
}

Field threads(std::optional<std::uint32_t>& value) {
  Field field = integer_field(0, {.min = 0, .max = 256},
                              [&value](std::int64_t n) { value = static_cast<std::uint32_t>(n); });
  field.fallback.clear();
  return field;
}

void describe_limits(Section& s, WasmPlugin& plugin) {
  s.value("timeout", duration(plugin.timeout, {.min = 1ms, .max = 5min}),
          "Limit of one call of a hook.");
  s.value("memory_limit",
          size(plugin.memory_limit, {.min = 64 * 1024, .max = 4ull * 1024 * 1024 * 1024}),
          "By how much an instance may grow.");
  s.value("fuel", integer(plugin.fuel, {.min = 0, .max = 1'000'000'000'000'000}),
          "Instructions of one call; 0 = more than `timeout` has room for.");
  s.value(
      "isolation", choice(plugin.isolated, kIsolation),
      "`warm` keeps an instance for each worker; what a plugin notes in its memory may be there "
      "at the next call. `per_call` makes a fresh one each time: about 0.1 ms, 2 ms for a "
      "module built by Go.");
  s.value("threads", threads(plugin.threads),
          "Helper threads that run the plugin; 0 = the workers run it themselves. By default what "
          "its calls took decides, for each size of input apart, and there are 2 threads.");
}

void describe_plugin(Section& s, WasmPlugin& plugin) {
  s.value("name", text(plugin.name, check_provider_name), "Name of the plugin; mandatory.");
  s.value("path", text(plugin.path), "The module's file; mandatory.");
  s.dictionary(
      "config",
      {.label = "key",
       .add = [&](std::string_view key) { return text(plugin.settings[std::string(key)]); }},
      "What the plugin reads as its configuration.");
  s.value("on_failure", choice(plugin.on_failure, kOnFailure),
          "`open`: a request goes on when the plugin fails. `closed`: it is answered with 500.");
  describe_filter(s, plugin.routes, plugin.models);
  describe_limits(s, plugin);
  s.values("allowed_hosts",
           values_of(plugin.allowed_hosts,
                     [](std::string& host) { return text(host, check_host_pattern); }),
           "Hosts that it may send HTTP requests to, such as `*.example.com`; none = no requests.");
  s.value("expose_secrets", boolean(plugin.expose_secrets),
          "Show it credentials and cookies, too.");
  if (!s.given("name")) { s.refuse("name", "mandatory"); }
  if (!s.given("path")) { s.refuse("path", "mandatory"); }
}

}  // namespace

void describe_filter(Section& s, std::vector<std::string>& routes,
                     std::vector<std::string>& models) {
  s.values("routes", values_of(routes, [](std::string& route) { return text(route, check_route); }),
           "Paths whose requests it sees, such as `/v1/chat/completions` or `/native/*`; none = "
           "all.");
  s.values("models", values_of(models, [](std::string& model) { return text(model, check_model); }),
           "Models whose requests it sees, by the caller's name, such as `gpt-4*`; none = all.");
}

void describe_wasm(Section& root, Config& config) {
  root.section("wasm", "What plugins in WebAssembly share.", [&](Section& s) {
    s.value("library", text(config.wasm.library, check_readable),
            "The file of libextism 1.41; by default `$BUTTER_EXTISM_LIBRARY`, else beside the "
            "program, else as the system finds it.");
    s.value("cache_dir", text(config.wasm.cache_dir),
            "Folder for compiled modules, made when it is not there; nobody else may write to it. "
            "Empty = modules are compiled at each start.");
    s.value("request_timeout", duration(config.wasm.request_timeout, {.min = 1ms, .max = 1h}),
            "What all calls for one request may take, the wait for a thread included. Those that "
            "come after it fail.");
  });
  root.list("wasm_plugins", "Plugins in WebAssembly, in the order of their hooks.",
            {.shorthand = "", .item = [&](Section& item) {
               WasmPlugin plugin;
               describe_plugin(item, plugin);
               const bool twice = std::ranges::any_of(
                   config.wasm_plugins,
                   [&](const WasmPlugin& other) { return other.name == plugin.name; });
               if (twice) { item.refuse("name", "there is another plugin " + quoted(plugin.name)); }
               config.wasm_plugins.push_back(std::move(plugin));
             }});
}

}  // namespace butter::config
