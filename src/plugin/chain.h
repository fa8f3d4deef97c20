#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "config/config.h"
#include "log/sink.h"
#include "plugin/plugin.h"

namespace butter::plugin {

/// The plugins of one configuration, in the order in which requests meet them; answers meet them in
/// the reverse order. Thread: any (immutable).
class Chain {
 public:
  Chain() = default;  ///< no plugin

  /// Compiles the modules; those that `before` has in the same configuration, from the same file,
  /// are taken over. Thread: main. \param sink  for the lines of plugins that run on threads
  /// \errors bad_config with the plugin's name and what is wrong
  [[nodiscard]] static Result<std::shared_ptr<const Chain>> make(const config::Config& config,
                                                                 log::Sink& sink,
                                                                 const Chain* before);
  /// The chain of these plugins. \param time_limit  see time_limit()
  Chain(std::vector<Plugin> plugins, Duration time_limit);

  [[nodiscard]] std::span<const Plugin> plugins() const noexcept { return plugins_; }
  /// No plugin has a hook: nothing is ever called.
  [[nodiscard]] bool idle() const noexcept { return std::ranges::none_of(hooks_, std::identity{}); }
  /// Some plugin has it.
  [[nodiscard]] bool has(Hook hook) const noexcept {
    return hooks_[static_cast<std::size_t>(hook)];
  }
  /// Some plugin wants to see answers, or the events of streams.
  [[nodiscard]] bool sees_answers() const noexcept {
    return has(Hook::stream_chunk) || has(Hook::post_llm) || has(Hook::post_http);
  }
  /// Some plugin looks into the bodies of /native.
  [[nodiscard]] bool reads_native() const noexcept { return reads_native_; }
  /// Of all calls for one request.
  [[nodiscard]] Duration time_limit() const noexcept { return time_limit_; }

 private:
  /// A module's file and what it was made with, to see whether it is still the same.
  struct Source {
    config::WasmPlugin config;
    std::uint64_t device = 0, inode = 0, size = 0;
    std::int64_t modified_ns = 0;
    friend bool operator==(const Source&, const Source&) = default;
  };
  struct Made {
    Source source;
    std::shared_ptr<const Sandboxed> code;
  };
  [[nodiscard]] static Result<Source> source_of(const config::WasmPlugin& config);
  [[nodiscard]] std::shared_ptr<const Sandboxed> find(const Source& source) const;

  std::vector<Plugin> plugins_;
  std::array<bool, wasm::kHooks.size()> hooks_{};
  bool reads_native_ = false;
  Duration time_limit_{0};
  std::vector<Made> made_;
};

}  // namespace butter::plugin
