#include "dialect/chat_error.h"

#include <charconv>
#include <string>

#include "json/text.h"

namespace butter::dialect {

namespace {

using Kind = AnswerError::Kind;

std::string plain(std::string_view escaped) {
  std::string text;
  (void)json::unescape(escaped, text);
  return text;
}

/// A string decoded, a number as it is written; "" for anything else.
std::string word(json::Cursor& at) {
  if (at.peek() == '"') { return plain(at.string()); }
  const std::string_view value = at.value();
  const bool number = !value.empty() && value.front() >= '0' && value.front() <= '9';
  return number ? std::string(value) : std::string{};
}

void read_error(json::Cursor& at, AnswerError& error) {
  if (at.peek() == '"') {
    error.message = word(at);
  } else if (at.peek() == '[') {
    at.array([&] { read_error(at, error); });
  } else {
    at.object([&](json::Key key) {
      if (key == "error" || key == "detail") {
        read_error(at, error);
      } else if (key == "message" || key == "msg") {
        // Mistral puts a list of complaints there.
        at.peek() == '"' ? void(error.message = word(at)) : read_error(at, error);
      } else if (key == "type") {
        error.type = word(at);
      } else if (key == "code") {
        error.code = word(at);
      } else {
        at.skip_value();
      }
    });
  }
}

bool says(std::string_view text, std::string_view what) {
  return text.find(what) != std::string_view::npos;
}

Kind kind_of_status(int status) {
  switch (status) {
    case 401: return Kind::authentication;
    case 402: return Kind::quota;
    case 403: return Kind::permission;
    case 404: return Kind::not_found;
    case 408:
    case 504: return Kind::timeout;
    case 413: return Kind::too_large;
    case 429: return Kind::rate_limit;
    case 503:
    case 529: return Kind::overloaded;
    default: return status >= 400 && status < 500 ? Kind::bad_request : Kind::server;
  }
}

Kind kind_of(const AnswerError& error) {
  const std::string_view code = error.code;
  const std::string_view type = error.type;
  if (code == "context_length_exceeded" || says(error.message, "maximum context length") ||
      says(error.message, "context window")) {
    return Kind::context_length;
  }
  if (code == "content_filter" || code == "content_policy_violation" ||
      code == "ResponsibleAIPolicyViolation") {
    return Kind::content_filter;
  }
  if (code == "insufficient_quota" || type == "insufficient_quota") { return Kind::quota; }
  if (error.status != 0) { return kind_of_status(error.status); }
  if (type == "invalid_request_error") { return Kind::bad_request; }
  if (says(type, "authentication")) { return Kind::authentication; }
  if (says(type, "rate_limit") || says(code, "rate_limit")) { return Kind::rate_limit; }
  if (says(type, "overloaded")) { return Kind::overloaded; }
  return Kind::server;
}

int status_of(Kind kind) {
  switch (kind) {
    case Kind::bad_request:
    case Kind::context_length:
    case Kind::content_filter: return 400;
    case Kind::authentication: return 401;
    case Kind::permission: return 403;
    case Kind::not_found: return 404;
    case Kind::too_large: return 413;
    case Kind::rate_limit:
    case Kind::quota: return 429;
    case Kind::overloaded: return 503;
    case Kind::timeout: return 504;
    case Kind::server: return 500;
  }
  __builtin_unreachable();
}

}  // namespace

AnswerError read_chat_error(int status, std::string_view body) {
  AnswerError error{.status = status};
  json::Cursor at(body);
  if (at.peek() == '{' || at.peek() == '[') { read_error(at, error); }
  if (error.message.empty()) {
    error.message = at.ok() && body.starts_with('{') ? "the provider gives no reason" : body;
  }
  error.kind = kind_of(error);
  return error;
}

AnswerError read_chat_stream_error(json::Cursor& at) {
  AnswerError error;
  read_error(at, error);
  int status = 0;
  std::from_chars(error.code.data(), error.code.data() + error.code.size(), status);
  if (status >= 400 && status < 600) { error.status = status; }
  error.kind = kind_of(error);
  if (error.status == 0) { error.status = status_of(error.kind); }
  return error;
}

}  // namespace butter::dialect
