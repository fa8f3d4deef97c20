#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "wasm/abi.h"

namespace butter::wasm {

/// What ended a call of a hook.
enum class Fault : std::uint8_t {
  timeout,        ///< at the time limit
  cancelled,      ///< by Instance::cancel()
  out_of_memory,  ///< at the memory limit
  out_of_fuel,
  trap,         ///< the code did what WebAssembly forbids, or left by exit()
  refused,      ///< the plugin said so itself: an error text, or a result that is not 0
  bad_input,    ///< what was to be told to the plugin is not JSON
  bad_output,   ///< what the plugin answered is not what the ABI says
  no_instance,  ///< none could be made
  not_called,   ///< by whoever calls: it failed too often, or too much time was spent
};

/// "timeout": for logs and metrics.
[[nodiscard]] const char* to_string(Fault fault) noexcept;

/// A hook that failed, as a value. Whether the request goes on is decided by who asked.
struct Failure {
  Fault fault = Fault::trap;
  Hook hook = Hook::pre_http;
  std::string plugin;
  std::string detail;  ///< one line
  Duration took{0};

  /// `wasm plugin "guard" pre_http: timeout after 50 ms`, as the Go program logs it.
  [[nodiscard]] std::string text() const;
};

}  // namespace butter::wasm
