#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "plugin/host.h"
#include "unit/log/pipe.h"

namespace butter::plugin::test {

/// A plugin of the tests, compiled in: what it does is a function.
class Fake final : public BuiltIn {
 public:
  using Run = std::function<Result<HookOutput>(const HookInput&)>;
  Fake(std::vector<Hook> hooks, Run run) : hooks_(std::move(hooks)), run_(std::move(run)) {}
  [[nodiscard]] bool has(Hook hook) const noexcept override {
    return std::ranges::find(hooks_, hook) != hooks_.end();
  }
  [[nodiscard]] Result<HookOutput> run(const HookInput& input, const Context&) const override {
    return run_(input);
  }

 private:
  std::vector<Hook> hooks_;
  Run run_;
};

[[nodiscard]] inline Plugin fake(std::string name, std::vector<Hook> hooks, Fake::Run run,
                                 config::OnFailure on_failure = config::OnFailure::open,
                                 Filter filter = {}) {
  return {.name = std::move(name),
          .filter = std::move(filter),
          .on_failure = on_failure,
          .built_in = std::make_shared<Fake>(std::move(hooks), std::move(run)),
          .sandboxed = nullptr};
}

/// Counts in words: "guard pre_http ok".
class Counts final : public Counter {
 public:
  void count_hook(std::string_view plugin, Hook hook, std::string_view result, Duration) override {
    all.push_back(std::string(plugin) + ' ' + wasm::to_string(hook) + ' ' + std::string(result));
  }
  std::vector<std::string> all;
};

/// A host of some plugins, on a loop that the test turns.
struct Bed {
  explicit Bed(std::vector<Plugin> plugins, Duration time_limit = 5s)
      : chain(std::make_shared<const Chain>(std::move(plugins), time_limit)),
        host(loop, logger, counts, chain, nullptr) {}

  [[nodiscard]] std::string logged() {
    logger.flush();
    return pipe.read_lines(1);
  }

  net::Loop loop;
  log::Pipe pipe;
  log::Sink sink{pipe.writer()};
  log::Logger logger{sink, log::Level::info};
  Counts counts;
  std::shared_ptr<const Chain> chain;
  Host host;
};

}  // namespace butter::plugin::test
