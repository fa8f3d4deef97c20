#include "gateway/error_body.h"

#include "http/head.h"
#include "http/head_writer.h"
#include "json/cursor.h"
#include "json/text.h"

namespace butter::gateway {

ErrorAnswer answer_for(Errc code) noexcept {
  constexpr std::string_view kClient = "invalid_request_error";
  constexpr std::string_view kGateway = "proxy_error";
  switch (code) {
    case Errc::bad_request: return {400, kClient, "", false};
    case Errc::unauthorized: return {403, kClient, "no_eligible_key", false};
    case Errc::not_found: return {404, kClient, "not_found", false};
    case Errc::unknown_model: return {404, kClient, "model_not_found", false};
    case Errc::method_not_allowed: return {405, kClient, "method_not_allowed", false};
    case Errc::request_timeout: return {408, kClient, "request_timeout", true};
    case Errc::body_too_large: return {413, kClient, "request_too_large", false};
    case Errc::head_too_large: return {431, kClient, "request_head_too_large", false};
    case Errc::rate_limited: return {429, "rate_limit_error", "rate_limit_exceeded", true};
    case Errc::upstream_connect: return {502, kGateway, "upstream_connect", true};
    case Errc::upstream_timeout: return {504, kGateway, "upstream_timeout", true};
    case Errc::upstream_closed: return {502, kGateway, "upstream_closed", true};
    case Errc::upstream_protocol: return {502, kGateway, "upstream_protocol", true};
    case Errc::upstream_status: return {502, kGateway, "upstream_status", true};
    case Errc::overloaded: return {503, kGateway, "overloaded", true, 1s};
    case Errc::unavailable: return {503, kGateway, "unavailable", true};
    case Errc::plugin_failed: return {500, kGateway, "plugin_failed", true};
    case Errc::bad_config:
    case Errc::internal: return {500, kGateway, "internal", true};
  }
  __builtin_unreachable();
}

namespace {

/// Anthropic's error type for a status. Source: docs.anthropic.com, API errors.
std::string_view anthropic_type(int status) noexcept {
  switch (status) {
    case 400: return "invalid_request_error";
    case 401: return "authentication_error";
    case 403: return "permission_error";
    case 404: return "not_found_error";
    case 413: return "request_too_large";
    case 429: return "rate_limit_error";
    case 504: return "timeout_error";
    case 503: return "overloaded_error";
    default: return status < 500 ? "invalid_request_error" : "api_error";
  }
}

}  // namespace

std::string error_body(const ErrorAnswer& answer, std::string_view message, ErrorShape shape) {
  std::string body;
  if (shape == ErrorShape::anthropic) {
    body = R"({"type":"error","error":{"type":")";
    body += anthropic_type(answer.status);
    body += R"(","message":)";
    json::append_string(body, message);
    return body += "}}";
  }
  body = R"({"error":{"message":)";
  json::append_string(body, message);
  body += R"(,"type":")";
  body += answer.type;
  body += R"(","param":null,"code":)";
  if (answer.code.empty()) {
    body += "null";
  } else {
    body += '"';
    body += answer.code;
    body += '"';
  }
  return body += "}}";
}

std::string error_message_of(std::string_view body) {
  std::string_view raw;
  std::string_view outer;
  json::Cursor at(body);
  at.object([&](std::string_view key) {
    if (key == "message") {
      outer = at.string();
    } else if (key == "error" && at.peek() == '{') {
      at.object([&](std::string_view inner) {
        if (inner == "message") {
          raw = at.string();
        } else {
          at.skip_value();
        }
      });
    } else {
      at.skip_value();
    }
  });
  std::string message;
  return json::unescape(raw.empty() ? outer : raw, message) ? message : std::string{};
}

void write_error_head(Buffer& out, const ErrorAnswer& answer, std::size_t body_size,
                      bool keep_alive) {
  const auto status = static_cast<std::uint16_t>(answer.status);
  http::write_status_line(out, status, http::reason_phrase(status));
  http::write_field(out, "Content-Type", "application/json");
  http::write_field(out, "Content-Length", body_size);
  http::write_field(out, "x-should-retry", answer.retry ? "true" : "false");
  if (answer.retry_after > Duration::zero()) {
    const auto whole = std::chrono::ceil<std::chrono::seconds>(answer.retry_after);
    http::write_field(out, "Retry-After", static_cast<std::uint64_t>(whole.count()));
    if (answer.status == 429) {
      const auto exact = std::chrono::ceil<std::chrono::milliseconds>(answer.retry_after);
      http::write_field(out, "retry-after-ms", static_cast<std::uint64_t>(exact.count()));
    }
  }
  if (!keep_alive) { http::write_field(out, "Connection", "close"); }
}

}  // namespace butter::gateway
