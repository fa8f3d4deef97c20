#include "wasm/library.h"

#include <dlfcn.h>
#include <sched.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <system_error>
#include <thread>

#include "base/strings.h"
#include "wasm/go_json.h"

namespace butter::wasm {

namespace {

namespace fs = std::filesystem;

constexpr const char* kCacheVariable = "EXTISM_CACHE_CONFIG";
constexpr const char* kFileName = "libextism.so";

std::string environment(const char* name) {
  const char* const value = ::secure_getenv(name);
  return value == nullptr ? "" : value;
}

/// Looks the functions up. \return the name of one that is missing, "" when none is
std::string find_functions(void* library, extism::Api& api) {
  std::string missing;
  const auto find = [&](auto& function, const char* name) {
    void* const found = ::dlsym(library, name);
    if (found == nullptr && missing.empty()) { missing = name; }
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(found);
  };
  find(api.version, "extism_version");
  find(api.function_new, "extism_function_new");
  find(api.function_set_namespace, "extism_function_set_namespace");
  find(api.function_free, "extism_function_free");
  find(api.compiled_plugin_new_with_fuel_limit, "extism_compiled_plugin_new_with_fuel_limit");
  find(api.compiled_plugin_free, "extism_compiled_plugin_free");
  find(api.plugin_new_from_compiled, "extism_plugin_new_from_compiled");
  find(api.plugin_new_error_free, "extism_plugin_new_error_free");
  find(api.plugin_free, "extism_plugin_free");
  find(api.plugin_allow_http_response_headers, "extism_plugin_allow_http_response_headers");
  find(api.plugin_function_exists, "extism_plugin_function_exists");
  find(api.plugin_call_with_host_context, "extism_plugin_call_with_host_context");
  find(api.plugin_error, "extism_plugin_error");
  find(api.plugin_output_data, "extism_plugin_output_data");
  find(api.plugin_output_length, "extism_plugin_output_length");
  find(api.plugin_cancel_handle, "extism_plugin_cancel_handle");
  find(api.plugin_cancel, "extism_plugin_cancel");
  find(api.current_plugin_host_context, "extism_current_plugin_host_context");
  find(api.current_plugin_memory, "extism_current_plugin_memory");
  find(api.current_plugin_memory_length, "extism_current_plugin_memory_length");
  find(api.current_plugin_memory_free, "extism_current_plugin_memory_free");
  return missing;
}

/// The folder, made when it is not there, as an absolute path.
Result<fs::path> private_folder(const std::string& name) {
  std::error_code error;
  const fs::path folder = fs::absolute(name, error);
  if (!error && fs::create_directories(folder, error)) {
    fs::permissions(folder, fs::perms::owner_all, error);
  }
  struct stat facts{};
  if (error || ::stat(folder.c_str(), &facts) != 0) {
    return fail(Errc::bad_config, "cache_dir " + butter::quoted(name) + ": " +
                                      (error ? error.message() : "cannot be read"));
  }
  if (!S_ISDIR(facts.st_mode)) {
    return fail(Errc::bad_config, "cache_dir " + butter::quoted(name) + ": is no folder");
  }
  if ((facts.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return fail(Errc::bad_config, "cache_dir " + butter::quoted(name) +
                                      ": others may write to it, and it holds native code");
  }
  return folder;
}

/// Tells libextism where to keep native code: by a file, whose name stands in a variable. The code
/// has a folder of its own beside the file: what else stands there is deleted from time to time.
Result<void> set_cache(const std::string& cache_dir) {
  std::string file_name;
  if (!cache_dir.empty()) {
    const auto folder = private_folder(cache_dir);
    if (!folder) { return std::unexpected(folder.error()); }
    const fs::path file = *folder / "cache.toml";
    std::string text = "[cache]\ndirectory = ";
    append_go_string(text, (*folder / "native").string());
    std::ofstream out(file, std::ios::binary);
    out << text << '\n';
    out.close();
    if (!out) { return fail(Errc::bad_config, "cache_dir: cannot write " + file.string()); }
    file_name = file.string();
  }
  if (environment(kCacheVariable) != file_name || ::getenv(kCacheVariable) == nullptr) {
    ::setenv(kCacheVariable, file_name.c_str(), 1);
  }
  return {};
}

/// Has libextism start its threads, which inherit how they are scheduled from the first who makes
/// an instance. Its timer is told when each call begins and ends: an ordinary thread would take the
/// core from the caller both times, which costs more than most calls; one of SCHED_BATCH takes its
/// turn and hears of many calls together. So do the threads that compile.
void start_threads(const extism::Api& api) {
  constexpr std::string_view kManifest =
      R"({"wasm":[{"data":"AGFzbQEAAAA="}]})";  // an empty module
  std::thread([&api, kManifest] {
    const sched_param none{};
    ::sched_setscheduler(0, SCHED_BATCH, &none);  // where it fails all works, but slower
    constexpr std::uint64_t kFuel = 1'000'000;
    char* error = nullptr;
    extism::Compiled* const compiled = api.compiled_plugin_new_with_fuel_limit(
        reinterpret_cast<const std::uint8_t*>(kManifest.data()), kManifest.size(), nullptr, 0,
        false, kFuel, &error);
    if (compiled == nullptr) { return api.plugin_new_error_free(error); }
    extism::Plugin* const plugin = api.plugin_new_from_compiled(compiled, &error);
    if (plugin != nullptr) {
      api.plugin_free(plugin);
    } else {
      api.plugin_new_error_free(error);
    }
    api.compiled_plugin_free(compiled);
  }).join();
}

}  // namespace

void keep_no_cache_by_default() {
  ::setenv(kCacheVariable, "", 1);
}

std::vector<std::string> library_candidates() {
  if (std::string given = environment("BUTTER_EXTISM_LIBRARY"); !given.empty()) {
    return {std::move(given)};
  }
  std::vector<std::string> candidates;
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (!error) {
    const fs::path folder = program.parent_path();
    for (const char* below : {".", "extism", "../extism", "../lib", "../lib/butter"}) {
      candidates.push_back((folder / below / kFileName).lexically_normal().string());
    }
  }
  candidates.emplace_back(kFileName);  // as the system finds it
  return candidates;
}

Result<Library> Library::open(const LibraryPlaces& places) {
  if (auto set = set_cache(places.cache_dir); !set) { return std::unexpected(set.error()); }
  const std::vector<std::string> candidates =
      places.path.empty() ? library_candidates() : std::vector{places.path};
  std::string tried;
  for (const std::string& candidate : candidates) {
    void* const library = ::dlopen(candidate.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (library == nullptr) {
      const char* const reason = ::dlerror();
      tried.append("\n  ").append(reason == nullptr ? candidate : reason);
      continue;
    }
    Library opened;
    opened.path_ = candidate;
    if (const std::string missing = find_functions(library, opened.api_); !missing.empty()) {
      return fail(Errc::bad_config,
                  candidate + ": has no " + missing + "; libextism 1.41 or newer is needed");
    }
    static std::set<void*> started;
    if (started.insert(library).second) { start_threads(opened.api_); }
    return opened;
  }
  return fail(
      Errc::bad_config,
      "WASM plugins need libextism (scripts/fetch_extism.sh fetches it); not found:" + tried);
}

}  // namespace butter::wasm
