#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "wasm/instance.h"

namespace butter::wasm::test {

/// libextism, opened once.
inline const Library& library() {
  static const Result<Library> opened = Library::open({.path = BUTTER_EXTISM, .cache_dir = ""});
  if (!opened) { ADD_FAILURE() << opened.error().detail; }
  return *opened;
}

inline std::string built(const std::string& name) {
  return BUTTER_WASM_BUILT "/" + name;
}
inline std::string text_of(const std::string& name) {
  return BUTTER_WASM_TEXTS "/" + name;
}

inline Settings exerciser(Settings settings = {}) {
  settings.name = "exerciser";
  settings.path = built("exerciser.wasm");
  settings.config.insert({{"n", "5"}});
  return settings;
}

/// The exerciser with usual settings, compiled once.
inline const std::shared_ptr<const Module>& usual_module() {
  // Slow builds have a wide limit; what loops is tested with one of its own.
  static const auto loaded = Module::load(library(), exerciser({.time_limit = 5s}));
  if (!loaded) { ADD_FAILURE() << loaded.error().detail; }
  return *loaded;
}

inline std::shared_ptr<const Module> load(Settings settings) {
  auto loaded = Module::load(library(), std::move(settings));
  if (!loaded) {
    ADD_FAILURE() << loaded.error().detail;
    return nullptr;
  }
  return *std::move(loaded);
}

/// Why a module is refused.
inline std::string refusal(Settings settings) {
  const auto loaded = Module::load(library(), std::move(settings));
  return loaded ? "none" : loaded.error().detail;
}

/// An input whose body asks the exerciser for `mode`.
inline std::string input_of(std::string_view mode, Hook hook = Hook::pre_http) {
  return std::string(R"({"hook":")") + to_string(hook) + R"(","body":{"mode":")" +
         std::string(mode) + "\"}}";
}

inline std::expected<HookOutput, Failure> run(Instance& instance, std::string_view mode,
                                              Hook hook = Hook::pre_http, Caller caller = {}) {
  return instance.call(hook, input_of(mode, hook), caller);
}

/// "ok", or the fault and its text.
inline std::string told(const std::expected<HookOutput, Failure>& result) {
  return result ? "ok"
                : std::string(to_string(result.error().fault)) + ": " + result.error().detail;
}

}  // namespace butter::wasm::test
