#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace butter {

/// What went wrong, grouped by who must act.
enum class Errc : std::uint8_t {
  // The client must act: 4xx, never tried again.
  bad_request,    ///< malformed HTTP, JSON or multipart; 400
  unauthorized,   ///< no credential of ours, or no provider key may serve the model; 401 or 403
  not_found,      ///< no such path or provider; 404
  unknown_model,  ///< no provider is configured for the model; 404
  method_not_allowed,  ///< 405
  request_timeout,     ///< the client was too slow; 408
  body_too_large,      ///< 413
  head_too_large,      ///< 431
  rate_limited,        ///< 429

  // The upstream failed: failover may try again.
  upstream_connect,   ///< name not found, refused, TLS; 502
  upstream_timeout,   ///< connect, first byte, idle or total limit; 504
  upstream_closed,    ///< the connection ended before the answer did; 502
  upstream_protocol,  ///< the answer is not what its protocol promises; 502
  upstream_status,    ///< the provider answered with an error status, relayed as it is
  overloaded,         ///< a cap of ours is reached, no fault of the provider's; 503

  // The operator must act.
  bad_config,     ///< start-up and reload only
  unavailable,    ///< draining, too many connections, no usable provider; 503
  plugin_failed,  ///< a plugin without which a request may not go on; 500

  // We must act.
  internal,  ///< 500
};

/// The code's name as it stands in logs and metrics, for example "upstream_timeout".
[[nodiscard]] std::string_view to_string(Errc code) noexcept;

struct Error {
  Errc code = Errc::internal;
  std::string detail{};     ///< for people; never parsed, never holds a Secret
  Duration retry_after{0};  ///< with overloaded: when to ask again; 0 = not known
};

}  // namespace butter
