#pragma once

#include <string>
#include <string_view>

namespace butter::app {

// Set at link time by the build; the defaults are those of the Go program.
inline constexpr std::string_view kVersion = BUTTER_VERSION;
inline constexpr std::string_view kCommit = BUTTER_COMMIT;
inline constexpr std::string_view kBuilt = BUTTER_BUILT;

/// Five lines: version, commit, built, compiler, platform.
[[nodiscard]] std::string version_text();

}  // namespace butter::app
