#pragma once

#include <atomic>
#include <expected>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "wasm/failure.h"
#include "wasm/host_functions.h"
#include "wasm/module.h"

namespace butter::wasm {

/// Runs the hooks of one module, one at a time. What is behind it is made when it is first needed,
/// kept warm, and made anew after a trap, a time-out or an exhausted limit, whose leavings nobody
/// knows; after a call with a large input, whose memory it would keep; and for each call where the
/// module is to be isolated so.
/// Thread: any one at a time; cancel(): any.
class Instance {
 public:
  explicit Instance(std::shared_ptr<const Module> module) : module_(std::move(module)) {}
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  [[nodiscard]] const Module& module() const noexcept { return *module_; }

  /// Makes what the first call would have to wait for. \errors Fault::no_instance
  [[nodiscard]] std::expected<void, Failure> warm_up(Hook hook);

  /// Runs a hook that the module has, until its time limit.
  /// \param input  as InputWriter writes it
  /// \param caller  for the lines that the plugin logs; its `plugin` and `lines` are set here
  [[nodiscard]] std::expected<HookOutput, Failure> call(Hook hook, std::string_view input,
                                                        Caller caller);

  /// Ends the call that is under way, soon. One that just begins may not notice.
  void cancel() noexcept;

 private:
  [[nodiscard]] std::expected<void, std::string> prepare();
  void drop();
  [[nodiscard]] std::expected<HookOutput, Failure> attempt(Hook hook, std::string_view input,
                                                           Caller& caller);
  [[nodiscard]] Failure judge(Hook hook, std::int32_t code, std::string_view error,
                              Duration took) const;
  [[nodiscard]] Failure failure(Hook hook, Fault fault, std::string detail, Duration took) const;
  [[nodiscard]] bool is_neighbours(const Failure& failure) const noexcept;

  std::shared_ptr<const Module> module_;
  std::mutex mutex_;                  // between cancel() and whoever replaces the plugin
  extism::Plugin* plugin_ = nullptr;  // changed under mutex_
  std::atomic<bool> cancelled_ = false;
};

}  // namespace butter::wasm
