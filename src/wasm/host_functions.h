#pragma once

#include <string_view>
#include <vector>

#include "log/logger.h"
#include "wasm/library.h"

namespace butter::wasm {

/// Who is served while a hook runs: what the functions that a plugin may call work with.
struct Caller {
  log::Logger* logger = nullptr;  ///< of the calling thread; nullptr = lines are dropped
  std::string_view plugin;
  std::string_view request_id;  ///< "" = none
  unsigned lines = 0;           ///< written so far
};

/// Lines that one call may log; more are dropped.
inline constexpr unsigned kMostLines = 100;
/// Bytes of one line's text.
inline constexpr std::size_t kMostLineBytes = 4096;

/// What we do instead of libextism: `log_*` and `get_log_level` go to our log, and WASI's
/// `poll_oneoff`, by which a plugin would put our thread to sleep, says EINTR. A Caller must be the
/// context of each call. Free their shells once they were given to a module.
[[nodiscard]] std::vector<extism::Function*> make_host_functions(const extism::Api& api);

}  // namespace butter::wasm
