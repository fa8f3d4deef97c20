#include "provider/provider.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/strings.h"

namespace butter::provider {

Provider::Provider(const config::Provider& config, BaseUrl url)
    : config_(config), url_(std::move(url)) {}

void Provider::write_target(Buffer& out, std::string_view, std::string_view path,
                            std::string_view query) const {
  out.append(url_.path);
  out.append(path);
  if (query.empty()) { return; }
  out.push_back('?');
  out.append(query);
}

bool Provider::is_credential(std::string_view header_name) noexcept {
  constexpr std::array<std::string_view, 6> kNames{
      "authorization", "proxy-authorization", "x-api-key", "api-key", "x-goog-api-key", "cookie"};
  return std::ranges::any_of(
      kNames, [header_name](std::string_view name) { return iequals(name, header_name); });
}

}  // namespace butter::provider
