#include "wasm/settings.h"

#include <algorithm>
#include <chrono>

#include "wasm/go_json.h"

namespace butter::wasm {

namespace {

constexpr std::uint64_t kPage = 64 * 1024;  // of WebAssembly's memory
// The fastest seen were 5 instructions a nanosecond.
constexpr std::uint64_t kFuelOfMillisecond = 10'000'000;
constexpr std::int64_t kLeastBound = 200;  // ms: what languages do before main() takes its time

std::int64_t milliseconds(Duration duration) {
  return std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::milliseconds>(duration).count());
}

}  // namespace

std::string manifest_of(const Settings& settings) {
  std::string out = R"({"wasm":[{"path":)";
  append_go_string(out, settings.path);
  out += R"(}],"memory":{"max_pages":)";
  out += std::to_string(std::max<std::uint64_t>(1, settings.memory_limit / kPage));
  out += R"(,"max_http_response_bytes":)" + std::to_string(settings.memory_limit);
  out += R"(},"timeout_ms":)" + std::to_string(milliseconds(settings.time_limit));
  out += R"(,"allowed_hosts":[)";
  for (const std::string& host : settings.allowed_hosts) {
    if (out.back() != '[') { out.push_back(','); }
    append_go_string(out, host);
  }
  out += R"(],"config":{)";
  for (const auto& [key, value] : settings.config) {
    if (out.back() != '{') { out.push_back(','); }
    append_go_string(out, key);
    out.push_back(':');
    append_go_string(out, value);
  }
  return out += "}}";
}

std::uint64_t fuel_of(const Settings& settings) noexcept {
  if (settings.fuel != 0) { return settings.fuel; }
  const std::int64_t bound = std::max(kLeastBound, milliseconds(settings.time_limit));
  return static_cast<std::uint64_t>(bound) * kFuelOfMillisecond;
}

}  // namespace butter::wasm
