#include "wasm/module.h"

#include <malloc.h>

#include <fstream>
#include <iterator>
#include <string_view>
#include <vector>

#include "base/strings.h"
#include "wasm/host_functions.h"

namespace butter::wasm {

namespace {

constexpr const char* kNoFunction = "butter:none";

/// libextism takes bytes that are no module for its text, quotes them in its complaint, and aborts
/// the process over the zero bytes in that.
Result<void> check_file(const std::string& path) {
  constexpr std::string_view kMagic("\0asm", 4);
  std::ifstream file(path, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  if (text.starts_with(kMagic) || text.find('\0') == std::string::npos) { return {}; }
  return fail(Errc::bad_config, "is no WebAssembly module");
}

}  // namespace

Result<std::shared_ptr<const Module>> Module::load(const Library& library, Settings settings) {
  std::shared_ptr<Module> module(new Module(library.api(), std::move(settings)));
  Result<void> done = check_file(module->settings_.path);
  if (done) { done = module->compile(); }
  if (done) { done = module->find_hooks(); }
  if (!done) {
    return fail(Errc::bad_config, "wasm plugin " + quoted(module->name()) + ": " +
                                      module->settings_.path + ": " + done.error().detail);
  }
  return module;
}

Module::~Module() {
  if (compiled_ != nullptr) { api_.compiled_plugin_free(compiled_); }
}

std::string Module::message(char* error) const {
  if (error == nullptr) { return "no reason given"; }
  std::string text = error;
  api_.plugin_new_error_free(error);
  return text;
}

Result<void> Module::compile() {
  const std::string manifest = manifest_of(settings_);
  const std::vector<extism::Function*> functions = make_host_functions(api_);
  std::vector<const extism::Function*> given(functions.begin(), functions.end());
  char* error = nullptr;
  compiled_ = api_.compiled_plugin_new_with_fuel_limit(
      reinterpret_cast<const std::uint8_t*>(manifest.data()), manifest.size(), given.data(),
      given.size(), true, fuel_of(settings_), &error);
  for (extism::Function* const function : functions) { api_.function_free(function); }
  if (compiled_ == nullptr) { return fail(Errc::bad_config, message(error)); }
  ::malloc_trim(0);  // the compiler leaves 60 MB and more behind it
  return {};
}

Result<void> Module::find_hooks() {
  const auto plugin = make_plugin();
  if (!plugin) { return std::unexpected(plugin.error()); }
  for (const Hook hook : kHooks) {
    hooks_[static_cast<std::size_t>(hook)] = api_.plugin_function_exists(*plugin, to_string(hook));
  }
  api_.plugin_free(*plugin);
  return {};
}

Result<extism::Plugin*> Module::make_plugin() const {
  char* error = nullptr;
  extism::Plugin* const plugin = api_.plugin_new_from_compiled(compiled_, &error);
  if (plugin == nullptr) { return fail(Errc::internal, message(error)); }
  if (!settings_.allowed_hosts.empty()) { api_.plugin_allow_http_response_headers(plugin); }
  // Most of an instance is made by its first call, also by one of what it does not export.
  static_cast<void>(api_.plugin_call_with_host_context(
      plugin, kNoFunction, reinterpret_cast<const std::uint8_t*>(""), 0, nullptr));
  const char* const said = api_.plugin_error(plugin);
  const std::string text = said == nullptr ? "" : said;
  if (!text.starts_with("Function not found")) {
    api_.plugin_free(plugin);
    return fail(Errc::internal, "cannot start: " + text);
  }
  return plugin;
}

}  // namespace butter::wasm
