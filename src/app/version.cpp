#include "app/version.h"

namespace butter::app {

namespace {
#if defined(__clang__)
constexpr std::string_view kCompiler = "clang " __clang_version__;
#else
constexpr std::string_view kCompiler = "g++ " __VERSION__;
#endif
#if defined(__x86_64__)
constexpr std::string_view kPlatform = "linux/amd64";
#elif defined(__aarch64__)
constexpr std::string_view kPlatform = "linux/arm64";
#else
constexpr std::string_view kPlatform = "linux/other";
#endif
}  // namespace

std::string version_text() {
  std::string out;
  const auto line = [&out](std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\n");
  };
  line("version", kVersion);
  line("commit", kCommit);
  line("built", kBuilt);
  line("compiler", kCompiler);
  line("platform", kPlatform);
  return out;
}

}  // namespace butter::app
