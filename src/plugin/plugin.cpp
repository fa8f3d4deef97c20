#include "plugin/plugin.h"

namespace butter::plugin {

Sandboxed::Sandboxed(std::shared_ptr<const wasm::Module> module, const config::WasmPlugin& config,
                     log::Sink& sink, log::Level least)
    : module_(std::move(module)),
      disclosure_{.secrets = config.expose_secrets, .app_key_header = {}} {
  if (config.threads) { where_ = *config.threads == 0 ? Where::loop : Where::threads; }
  // A request of its own may take any time.
  if (!config.allowed_hosts.empty()) { where_ = Where::threads; }
  if (where_ != Where::loop) {
    const unsigned threads = config.threads.value_or(0);
    pool_ = std::make_unique<wasm::Pool>(module_, threads > 0 ? threads : kThreads, sink, least);
  }
}

wasm::Place Sandboxed::place(std::size_t input_bytes) const noexcept {
  switch (where_) {
    case Where::loop: return wasm::Place::here;
    case Where::threads: return wasm::Place::thread;
    case Where::measured: return pace_.place(input_bytes);
  }
  __builtin_unreachable();
}

}  // namespace butter::plugin
