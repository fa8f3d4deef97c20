#include "wasm/instance.h"

#include <chrono>
#include <utility>

namespace butter::wasm {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int32_t kTrapped = 134;  // what libextism returns then
// An input leaves twice its size behind it in an instance.
constexpr std::size_t kMostKeptInput = 1u << 20;
constexpr int kMostNeighbours = 5;
constexpr std::size_t kMostDetail = 256;

/// One line of at most kMostDetail bytes.
std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = static_cast<unsigned char>(c) <= ' ';
    if (!blank) {
      out.push_back(c);
    } else if (!out.empty() && out.back() != ' ') {
      out.push_back(' ');
    }
    if (out.size() == kMostDetail) { break; }
  }
  return out;
}

bool is_about_memory(std::string_view error) noexcept {
  return error == "oom" || error.ends_with("out of memory") ||
         error == "failed to allocate extism memory";
}

}  // namespace

Instance::~Instance() {
  drop();
}

void Instance::drop() {
  const std::lock_guard lock(mutex_);
  if (plugin_ != nullptr) { module_->api().plugin_free(std::exchange(plugin_, nullptr)); }
}

std::expected<void, std::string> Instance::prepare() {
  if (plugin_ != nullptr) { return {}; }
  const auto made = module_->make_plugin();
  if (!made) { return std::unexpected(made.error().detail); }
  const std::lock_guard lock(mutex_);
  plugin_ = *made;
  return {};
}

std::expected<void, Failure> Instance::warm_up(Hook hook) {
  if (auto ready = prepare(); !ready) {
    return std::unexpected(failure(hook, Fault::no_instance, one_line(ready.error()), {}));
  }
  return {};
}

void Instance::cancel() noexcept {
  const std::lock_guard lock(mutex_);
  if (plugin_ == nullptr) { return; }
  cancelled_ = true;
  static_cast<void>(module_->api().plugin_cancel(module_->api().plugin_cancel_handle(plugin_)));
}

std::expected<HookOutput, Failure> Instance::call(Hook hook, std::string_view input,
                                                  Caller caller) {
  cancelled_ = false;
  caller.plugin = module_->name();
  // libextism stops a call by a clock that all instances of the module share: where one runs into
  // its limit, the others stop as well. These were innocent, and begin anew.
  auto result = attempt(hook, input, caller);
  for (int i = 0; i < kMostNeighbours && !result && is_neighbours(result.error()); ++i) {
    result = attempt(hook, input, caller);
  }
  return result;
}

bool Instance::is_neighbours(const Failure& failure) const noexcept {
  return failure.fault == Fault::timeout && failure.took < module_->settings().time_limit;
}

std::expected<HookOutput, Failure> Instance::attempt(Hook hook, std::string_view input,
                                                     Caller& caller) {
  if (auto ready = warm_up(hook); !ready) { return std::unexpected(std::move(ready.error())); }
  const extism::Api& api = module_->api();
  const Clock::time_point begin = Clock::now();
  const std::int32_t code = api.plugin_call_with_host_context(
      plugin_, to_string(hook), reinterpret_cast<const std::uint8_t*>(input.data()), input.size(),
      &caller);
  const Duration took = Clock::now() - begin;
  const char* const error = api.plugin_error(plugin_);
  if (code != 0 || error != nullptr) {
    Failure failed = judge(hook, code, error == nullptr ? "" : error, took);
    if (failed.fault != Fault::refused || module_->settings().isolation == Isolation::per_call) {
      drop();
    }
    return std::unexpected(std::move(failed));
  }
  const std::string_view output(reinterpret_cast<const char*>(api.plugin_output_data(plugin_)),
                                api.plugin_output_length(plugin_));
  auto read = read_output(output);
  if (module_->settings().isolation == Isolation::per_call || input.size() > kMostKeptInput) {
    drop();
  }
  if (!read) {
    return std::unexpected(failure(hook, Fault::bad_output, std::move(read.error().detail), took));
  }
  read->took = took;
  return *std::move(read);
}

Failure Instance::judge(Hook hook, std::int32_t code, std::string_view error, Duration took) const {
  if (code == kTrapped && error == "timeout") {
    if (cancelled_) { return failure(hook, Fault::cancelled, "cancelled", took); }
    const auto after = std::chrono::duration_cast<std::chrono::milliseconds>(took);
    return failure(hook, Fault::timeout, "timeout after " + std::to_string(after.count()) + " ms",
                   took);
  }
  if (is_about_memory(error)) { return failure(hook, Fault::out_of_memory, "out of memory", took); }
  if (error == "plugin ran out of fuel") {
    return failure(hook, Fault::out_of_fuel, std::string(error), took);
  }
  if (error.empty()) {
    return failure(hook, Fault::refused, "non-zero exit code " + std::to_string(code), took);
  }
  constexpr std::string_view kBacktrace = "error while executing at wasm backtrace:";
  if (code == kTrapped || error.starts_with(kBacktrace)) {
    const std::string_view frames =
        error.starts_with(kBacktrace) ? error.substr(kBacktrace.size()) : error;
    return failure(hook, Fault::trap, "trap at " + one_line(frames), took);
  }
  return failure(hook, Fault::refused, one_line(error), took);
}

Failure Instance::failure(Hook hook, Fault fault, std::string detail, Duration took) const {
  return {.fault = fault,
          .hook = hook,
          .plugin = module_->name(),
          .detail = std::move(detail),
          .took = took};
}

}  // namespace butter::wasm
