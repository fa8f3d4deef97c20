#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace butter::provider {

/// A parsed base URL.
struct BaseUrl {
  bool tls = false;
  std::string host;  ///< without brackets
  std::uint16_t port = 0;
  std::string path;         ///< "" or "/v1": no trailing slash
  std::string host_header;  ///< what `Host:` says: brackets for IPv6, port when not the default

  /// \errors bad_config: what is wrong with it.
  [[nodiscard]] static Result<BaseUrl> parse(std::string_view url);
};

}  // namespace butter::provider
