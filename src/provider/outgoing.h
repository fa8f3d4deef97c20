#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace butter::provider {

/// A request that is about to go out, as far as a signature covers it. Views are valid during the
/// call.
struct Outgoing {
  std::string_view method;
  std::string_view target;  ///< as on the request line: path and query, percent-encoded
  std::string_view host;    ///< value of the Host field
  std::span<const std::string_view> body;
  std::int64_t now = 0;  ///< Unix seconds
};

}  // namespace butter::provider
