#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "wasm/extism.h"

namespace butter::wasm {

/// Where libextism is looked for, and where it keeps compiled modules.
struct LibraryPlaces {
  std::string path;       ///< the file; "" = as library_candidates() says
  std::string cache_dir;  ///< for native code of modules; "" = none is kept
};

/// libextism, opened. It stays open as long as the process lives: it has threads of its own.
/// A value of function pointers. Thread: any.
class Library {
 public:
  /// Opens the library; what was opened before is opened again at no cost.
  ///
  /// Where compiled modules are kept is told to libextism by an environment variable, which is set
  /// here. Thread: main; with no other thread that reads the environment, unless
  /// keep_no_cache_by_default() was called at the start.
  /// \errors bad_config with all places that were tried; when the library is too old; when the
  ///         cache's folder cannot be made or others may write to it (it holds native code)
  [[nodiscard]] static Result<Library> open(const LibraryPlaces& places);

  [[nodiscard]] const extism::Api& api() const noexcept { return api_; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  extism::Api api_{};
  std::string path_;
};

/// Sets the variable by which libextism is told of its cache to "none". Unset, it writes to the
/// folder of the user. Called before there are other threads it lets open() change the value while
/// they read the environment: the C library only reorders its list for a new name.
void keep_no_cache_by_default();

/// The files that are tried when no path is given, in order: $BUTTER_EXTISM_LIBRARY alone where it
/// is set; else beside the program, below its folder's lib/ and build/, and the system's.
[[nodiscard]] std::vector<std::string> library_candidates();

}  // namespace butter::wasm
