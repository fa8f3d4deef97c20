// A switch over our enums has no `default:`, so that a new value is not forgotten.
#include "base/error.h"

bool is_ours(butter::Errc code) {
  using enum butter::Errc;
  switch (code) {
    case bad_request:
    case unauthorized:
    case not_found:
    case unknown_model:
    case method_not_allowed:
    case request_timeout:
    case body_too_large:
    case head_too_large:
    case rate_limited:
    case upstream_connect:
    case upstream_timeout:
    case upstream_closed:
    case upstream_protocol:
    case upstream_status:
    case overloaded:
    case bad_config:
    case unavailable:
    case plugin_failed: return false;
#ifndef MISTAKE
    case internal: return true;
#endif
  }
  return false;
}
