#pragma once

#include <memory>
#include <utility>

#include "guard/guard.h"
#include "plugin/plugin.h"

namespace butter::plugin {

/// The guard that is compiled in: refuses or reports requests that try to talk a model out of its
/// instructions, and makes unreadable what should be read by nobody, in requests and in answers.
/// Thread: any (immutable).
class GuardPlugin final : public BuiltIn {
 public:
  struct Redacts {
    bool requests = false;
    bool answers = false;
  };
  /// The plugin of a configuration. \errors bad_config, see guard::Guard::make
  [[nodiscard]] static Result<std::shared_ptr<const BuiltIn>> make(const config::Guard& config);
  GuardPlugin(std::shared_ptr<const guard::Guard> guard, Redacts redacts)
      : guard_(std::move(guard)), redacts_(redacts) {}

  [[nodiscard]] bool has(Hook hook) const noexcept override;
  [[nodiscard]] Result<HookOutput> run(const HookInput& input,
                                       const Context& context) const override;
  [[nodiscard]] std::unique_ptr<StreamFilter> stream_filter() const override;

 private:
  [[nodiscard]] HookOutput look_at_request(const HookInput& input, const Context& context) const;

  std::shared_ptr<const guard::Guard> guard_;
  Redacts redacts_;
};

}  // namespace butter::plugin
