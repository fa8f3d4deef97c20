#include "base/error.h"

namespace butter {

std::string_view to_string(Errc code) noexcept {
  switch (code) {
    case Errc::bad_request: return "bad_request";
    case Errc::unauthorized: return "unauthorized";
    case Errc::not_found: return "not_found";
    case Errc::unknown_model: return "unknown_model";
    case Errc::method_not_allowed: return "method_not_allowed";
    case Errc::request_timeout: return "request_timeout";
    case Errc::body_too_large: return "body_too_large";
    case Errc::head_too_large: return "head_too_large";
    case Errc::rate_limited: return "rate_limited";
    case Errc::upstream_connect: return "upstream_connect";
    case Errc::upstream_timeout: return "upstream_timeout";
    case Errc::upstream_closed: return "upstream_closed";
    case Errc::upstream_protocol: return "upstream_protocol";
    case Errc::upstream_status: return "upstream_status";
    case Errc::overloaded: return "overloaded";
    case Errc::bad_config: return "bad_config";
    case Errc::unavailable: return "unavailable";
    case Errc::plugin_failed: return "plugin_failed";
    case Errc::internal: return "internal";
  }
  __builtin_unreachable();
}

}  // namespace butter
