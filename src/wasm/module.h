#pragma once

#include <array>
#include <memory>

#include "base/result.h"
#include "wasm/abi.h"
#include "wasm/library.h"
#include "wasm/settings.h"

namespace butter::wasm {

/// One plugin's code, compiled once. Instances of it run the hooks. Thread: any (immutable).
class Module {
 public:
  /// Reads, compiles and tries a module: its start-up code runs once, within its fuel. Seconds for
  /// a module of megabytes that the cache does not know.
  /// \errors bad_config with the plugin's name and what libextism says
  [[nodiscard]] static Result<std::shared_ptr<const Module>> load(const Library& library,
                                                                  Settings settings);
  ~Module();
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  [[nodiscard]] const std::string& name() const noexcept { return settings_.name; }
  [[nodiscard]] const Settings& settings() const noexcept { return settings_; }
  /// A request pays for no hook that is not there.
  [[nodiscard]] bool has(Hook hook) const noexcept {
    return hooks_[static_cast<std::size_t>(hook)];
  }

  // For Instance.
  [[nodiscard]] const extism::Api& api() const noexcept { return api_; }
  /// \errors internal with what libextism says
  [[nodiscard]] Result<extism::Plugin*> make_plugin() const;

 private:
  Module(const extism::Api& api, Settings settings) : api_(api), settings_(std::move(settings)) {}
  [[nodiscard]] Result<void> compile();
  [[nodiscard]] Result<void> find_hooks();
  [[nodiscard]] std::string message(char* error) const;  ///< frees it

  extism::Api api_;
  Settings settings_;
  extism::Compiled* compiled_ = nullptr;
  std::array<bool, kHooks.size()> hooks_{};
};

}  // namespace butter::wasm
