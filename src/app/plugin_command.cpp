#include "app/plugin_command.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "base/strings.h"
#include "json/cursor.h"
#include "json/text.h"
#include "log/sink.h"
#include "wasm/instance.h"

namespace butter::app {

namespace {

using Clock = std::chrono::steady_clock;
using wasm::Hook;

Result<std::string> text_of(const std::string& path) {
  if (path.empty()) { return ""; }
  std::ifstream file(path, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (!file) { return fail(Errc::bad_config, "cannot read " + path); }
  return text;
}

std::string model_of(std::string_view body) {
  std::string model;
  json::Cursor cursor(body);
  cursor.object([&](std::string_view key) {
    if (key != "model" || cursor.peek() != '"') { return cursor.skip_value(); }
    if (!json::unescape(cursor.string(), model)) { model.clear(); }
  });
  return model;
}

/// "8.1 us", "12 ms"
std::string shown(Duration time) {
  const double us = std::chrono::duration<double, std::micro>(time).count();
  char text[32];
  if (us < 1000) {
    std::snprintf(text, sizeof text, "%.1f us", us);
  } else {
    std::snprintf(text, sizeof text, "%.1f ms", us / 1000);
  }
  return text;
}

/// One run of the hooks: the state of a request that they change.
class Run {
 public:
  Run(const PluginArguments& arguments, std::string& out)
      : arguments_(arguments), out_(out), sink_(STDERR_FILENO), logger_(sink_, log::Level::debug) {}

  int all() {
    if (const auto ready = prepare(); !ready) {
      out_.append(ready.error().detail).append("\n");
      return 1;
    }
    for (const Hook hook : wasm::kHooks) {
      if (!wanted(hook)) { continue; }
      if (!module_->has(hook)) {
        line(hook, "is not exported");
        failed_ = failed_ || !arguments_.hooks.empty();
        continue;
      }
      if (answered_ && (hook == Hook::pre_llm || hook == Hook::post_llm)) { continue; }
      call(hook);
    }
    return failed_ ? 1 : 0;
  }

 private:
  Result<void> prepare() {
    auto request = text_of(arguments_.request);
    if (!request) { return std::unexpected(request.error()); }
    body_ = *std::move(request);
    auto response = text_of(arguments_.response);
    if (!response) { return std::unexpected(response.error()); }
    response_ = *std::move(response);
    auto library =
        wasm::Library::open({.path = arguments_.library, .cache_dir = arguments_.cache_dir});
    if (!library) { return std::unexpected(library.error()); }
    const Clock::time_point begin = Clock::now();
    auto module = wasm::Module::load(*library, arguments_.settings);
    if (!module) { return std::unexpected(module.error()); }
    module_ = *std::move(module);
    out_.append(arguments_.settings.path + ": compiled in " + shown(Clock::now() - begin) + "\n");
    instance_.emplace(module_);
    for (const auto& [name, value] : arguments_.headers) { headers_.push_back({name, value}); }
    return {};
  }

  [[nodiscard]] bool wanted(Hook hook) const {
    if (arguments_.hooks.empty()) { return module_->has(hook); }
    return std::ranges::find(arguments_.hooks, hook) != arguments_.hooks.end();
  }

  void line(Hook hook, const std::string& what) {
    out_.append(wasm::to_string(hook)).append(": ").append(what).append("\n");
  }
  void detail(const std::string& what) { out_.append("  ").append(what).append("\n"); }

  /// What the hook is told, as the gateway would.
  [[nodiscard]] wasm::HookInput input_of(Hook hook) {
    wasm::HookInput input{.hook = hook, .headers = headers_, .metadata = &metadata_};
    const bool after = hook != Hook::pre_http && hook != Hook::pre_llm;
    model_ = model_of(body_);
    if (hook != Hook::pre_http) { input.model = model_; }
    if (after) { input.provider = arguments_.provider; }
    const bool of_answer = hook == Hook::post_llm || hook == Hook::stream_chunk;
    if (hook != Hook::on_trace) { input.body = of_answer ? response_ : body_; }
    if (hook == Hook::post_http) {
      input.status = 200;
      input.response = response_;
    }
    if (hook == Hook::on_trace) { input.trace = &trace_; }
    return input;
  }

  void call(Hook hook) {
    wasm::InputWriter writer;
    const auto input =
        writer.write(input_of(hook), {.secrets = arguments_.expose_secrets, .app_key_header = ""});
    if (!input) {
      failed_ = true;
      return line(hook, "not called: " + input.error().detail);
    }
    Duration first{0};
    Duration rest{0};
    for (unsigned i = 0; i < arguments_.times; ++i) {
      // Of many equal calls the first one logs.
      auto output = instance_->call(hook, *input, {.logger = i == 0 ? &logger_ : nullptr});
      logger_.flush();
      if (!output) {
        failed_ = true;
        return line(hook, "failed after " + shown(output.error().took) + ": " +
                              wasm::to_string(output.error().fault) + ", " + output.error().detail);
      }
      (i == 0 ? first : rest) += output->took;
      if (i + 1 == arguments_.times) {
        std::string cost = shown(first);
        if (i > 0) { cost += ", warm " + shown(rest / i); }
        line(hook, (output->changes_nothing() ? "no change, " : "") + cost);
        apply(hook, *std::move(output));
      }
    }
  }

  void apply(Hook hook, wasm::HookOutput output) {
    for (auto& [key, value] : output.metadata) {
      detail("metadata " + key + " = " + value);
      metadata_[key] = value;
    }
    for (const auto& [name, value] : output.headers) { detail("header " + name + ": " + value); }
    if (output.body) {
      detail("body " + *output.body);
      const bool before = hook == Hook::pre_http || hook == Hook::pre_llm;
      (before ? body_ : response_) = *std::move(output.body);
    }
    if (output.short_circuit) {
      detail("answers with " + std::to_string(output.short_circuit->status) + " " +
             output.short_circuit->body);
      answered_ = true;
    }
  }

  const PluginArguments& arguments_;
  std::string& out_;
  log::Sink sink_;
  log::Logger logger_;
  std::shared_ptr<const wasm::Module> module_;
  std::optional<wasm::Instance> instance_;
  std::vector<wasm::Header> headers_;
  wasm::Metadata metadata_;
  wasm::Trace trace_{.status = 200, .method = "POST", .path = "/v1/chat/completions"};
  std::string body_, response_, model_;
  bool answered_ = false;
  bool failed_ = false;
};

}  // namespace

int run_plugin_test(const PluginArguments& arguments, std::string& out) {
  return Run(arguments, out).all();
}

}  // namespace butter::app
