#include "plugin/chain.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "base/strings.h"
#include "plugin/guard_plugin.h"
#include "wasm/library.h"

namespace butter::plugin {

namespace {

wasm::Settings settings_of(const config::WasmPlugin& plugin) {
  return {.name = plugin.name,
          .path = plugin.path,
          .config = {plugin.settings.begin(), plugin.settings.end()},
          .allowed_hosts = plugin.allowed_hosts,
          .memory_limit = plugin.memory_limit,
          .time_limit = plugin.timeout,
          .isolation = plugin.isolated ? wasm::Isolation::per_call : wasm::Isolation::warm,
          .fuel = plugin.fuel};
}

}  // namespace

Chain::Chain(std::vector<Plugin> plugins, Duration time_limit)
    : plugins_(std::move(plugins)), time_limit_(time_limit) {
  for (const Hook hook : wasm::kHooks) {
    hooks_[static_cast<std::size_t>(hook)] =
        std::ranges::any_of(plugins_, [hook](const Plugin& each) { return each.has(hook); });
  }
  // As in the Go program, `pre_http` is not shown them.
  reads_native_ = std::ranges::any_of(plugins_, [](const Plugin& each) {
    return each.has(Hook::pre_llm) || (each.built_in && each.has(Hook::pre_http));
  });
}

Result<Chain::Source> Chain::source_of(const config::WasmPlugin& config) {
  struct stat file{};
  if (::stat(config.path.c_str(), &file) != 0) {
    return fail(Errc::bad_config, "wasm plugin " + quoted(config.name) + ": cannot read " +
                                      config.path + ": " + std::strerror(errno));
  }
  constexpr std::int64_t kSecond = 1'000'000'000;
  return Source{.config = config,
                .device = file.st_dev,
                .inode = file.st_ino,
                .size = static_cast<std::uint64_t>(file.st_size),
                .modified_ns = file.st_mtim.tv_sec * kSecond + file.st_mtim.tv_nsec};
}

std::shared_ptr<const Sandboxed> Chain::find(const Source& source) const {
  const auto found = std::ranges::find(made_, source, &Made::source);
  return found != made_.end() ? found->code : nullptr;
}

Result<std::shared_ptr<const Chain>> Chain::make(const config::Config& config, log::Sink& sink,
                                                 const Chain* before) {
  std::vector<Plugin> plugins;
  std::vector<Made> made;
  if (config.guard.enabled) {
    auto guard = GuardPlugin::make(config.guard);
    if (!guard) { return fail(Errc::bad_config, "plugins.guard." + guard.error().detail); }
    plugins.push_back({.name = "guard",
                       .filter = {config.guard.routes, config.guard.models},
                       .on_failure = config::OnFailure::closed,
                       .built_in = *std::move(guard),
                       .sandboxed = nullptr});
  }
  std::optional<wasm::Library> library;
  for (const config::WasmPlugin& each : config.wasm_plugins) {
    auto source = source_of(each);
    if (!source) { return std::unexpected(std::move(source).error()); }
    auto code = before != nullptr ? before->find(*source) : nullptr;
    if (!code) {
      if (!library) {
        auto opened =
            wasm::Library::open({.path = config.wasm.library, .cache_dir = config.wasm.cache_dir});
        if (!opened) { return std::unexpected(std::move(opened).error()); }
        library = *std::move(opened);
      }
      auto module = wasm::Module::load(*library, settings_of(each));
      if (!module) { return std::unexpected(std::move(module).error()); }
      code = std::make_shared<const Sandboxed>(*std::move(module), each, sink, config.log_level);
    }
    plugins.push_back({.name = each.name,
                       .filter = {each.routes, each.models},
                       .on_failure = each.on_failure,
                       .built_in = nullptr,
                       .sandboxed = code});
    made.push_back({*std::move(source), std::move(code)});
  }
  auto chain = std::make_shared<Chain>(std::move(plugins), config.wasm.request_timeout);
  chain->made_ = std::move(made);
  return chain;
}

}  // namespace butter::plugin
