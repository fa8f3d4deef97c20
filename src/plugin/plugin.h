#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/buffer.h"
#include "base/result.h"
#include "config/config.h"
#include "log/logger.h"
#include "plugin/filter.h"
#include "plugin/rest.h"
#include "wasm/abi.h"
#include "wasm/module.h"
#include "wasm/pace.h"
#include "wasm/pool.h"

namespace butter::plugin {

using wasm::Hook;
using wasm::HookInput;
using wasm::HookOutput;

/// Sees the events of a streamed answer on their way out, behind all hooks, and may hold back what
/// it cannot judge yet. Thread: worker-local.
class StreamFilter {
 public:
  virtual ~StreamFilter() = default;
  /// \param event  a whole one, with its blank line
  /// \param out  what may go out is appended, in whole events
  virtual void feed(std::string_view event, Buffer& out) = 0;
  /// The answer is over: what is still held back.
  virtual void end(Buffer& out) = 0;
};

/// For whom a plugin of ours runs.
struct Context {
  log::Logger& logger;
  std::string_view request_id;
};

/// The code of a plugin of ours, compiled in. It runs at once, on the event loop.
/// Thread: any (immutable).
class BuiltIn {
 public:
  virtual ~BuiltIn() = default;
  [[nodiscard]] virtual bool has(Hook hook) const noexcept = 0;
  /// \param input  its `body` may be no JSON \errors why it failed
  [[nodiscard]] virtual Result<HookOutput> run(const HookInput& input,
                                               const Context& context) const = 0;
  /// For one streamed answer; nullptr = it does not look at them.
  [[nodiscard]] virtual std::unique_ptr<StreamFilter> stream_filter() const { return nullptr; }
};

/// The code of a plugin in WebAssembly, and what was learnt of it. Thread: any (synchronised
/// inside).
class Sandboxed {
 public:
  static constexpr unsigned kThreads = 2;  ///< where the configuration does not say

  Sandboxed(std::shared_ptr<const wasm::Module> module, const config::WasmPlugin& config,
            log::Sink& sink, log::Level least);

  [[nodiscard]] const std::shared_ptr<const wasm::Module>& module() const noexcept {
    return module_;
  }
  [[nodiscard]] const wasm::Disclosure& disclosure() const noexcept { return disclosure_; }
  /// Where a call with so large an input is to run.
  [[nodiscard]] wasm::Place place(std::size_t input_bytes) const noexcept;
  [[nodiscard]] wasm::Pool& pool() const noexcept { return *pool_; }  ///< for Place::thread
  [[nodiscard]] wasm::Pace& pace() const noexcept { return pace_; }
  /// Of each hook: one that works shows nothing of another.
  [[nodiscard]] Rest& rest(Hook hook) const noexcept {
    return rests_[static_cast<std::size_t>(hook)];
  }

 private:
  enum class Where : std::uint8_t { measured, loop, threads };

  std::shared_ptr<const wasm::Module> module_;
  wasm::Disclosure disclosure_;
  Where where_ = Where::measured;
  std::unique_ptr<wasm::Pool> pool_;  ///< nullptr when no call runs there
  mutable wasm::Pace pace_;
  mutable std::array<Rest, wasm::kHooks.size()> rests_;
};

/// One plugin of a configuration: who it is, what it sees, and its code. Thread: any (immutable).
struct Plugin {
  std::string name;
  Filter filter;
  config::OnFailure on_failure = config::OnFailure::open;
  // Its code: one of the two.
  std::shared_ptr<const BuiltIn> built_in;
  std::shared_ptr<const Sandboxed> sandboxed;

  [[nodiscard]] bool has(Hook hook) const noexcept {
    return built_in ? built_in->has(hook) : sandboxed->module()->has(hook);
  }
};

}  // namespace butter::plugin
