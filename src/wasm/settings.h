#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/clock.h"

namespace butter::wasm {

enum class Isolation : std::uint8_t {
  warm,      ///< an instance is kept; what a plugin keeps in its memory may be there the next time
  per_call,  ///< a fresh instance for each call, about 0.1 ms, 2 ms for one built by Go
};

/// What a module may do and use.
struct Settings {
  std::string name;
  std::string path;
  std::map<std::string, std::string> config;  ///< what config_get answers
  std::vector<std::string> allowed_hosts;     ///< of HTTP requests; `*` stands for anything
  std::uint64_t memory_limit = 64ull
                               << 20;  ///< bytes by which an instance may grow, at least 64 KiB
  Duration time_limit = 50ms;          ///< of one call, at least 1 ms
  Isolation isolation = Isolation::warm;
  std::uint64_t fuel = 0;  ///< instructions of one call; 0 = more than `time_limit` has room for
};

/// The manifest of libextism for one module, a JSON text.
[[nodiscard]] std::string manifest_of(const Settings& settings);

/// The fuel of a call, and of what an instance does before its first one, which libextism bounds by
/// nothing else.
[[nodiscard]] std::uint64_t fuel_of(const Settings& settings) noexcept;

}  // namespace butter::wasm
