#include "dialect/gemini_error.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "dialect/count.h"
#include "json/cursor.h"
#include "json/text.h"

namespace butter::dialect::gemini {

namespace {

using Kind = AnswerError::Kind;

struct Meaning {
  std::string_view status;
  Kind kind;
  int http;
};

constexpr Meaning kMeanings[] = {
    {"INVALID_ARGUMENT", Kind::bad_request, 400},
    {"FAILED_PRECONDITION", Kind::bad_request, 400},  // a region or an account that is not served
    {"OUT_OF_RANGE", Kind::bad_request, 400},
    {"UNAUTHENTICATED", Kind::authentication, 401},
    {"PERMISSION_DENIED", Kind::permission, 403},
    {"NOT_FOUND", Kind::not_found, 404},
    {"RESOURCE_EXHAUSTED", Kind::rate_limit, 429},
    {"INTERNAL", Kind::server, 500},
    {"UNAVAILABLE", Kind::overloaded, 503},
    {"DEADLINE_EXCEEDED", Kind::timeout, 504},
};

Kind kind_of(int status) {
  if (status == 413) { return Kind::too_large; }
  const auto* const found = std::ranges::find(kMeanings, status, &Meaning::http);
  if (found != std::ranges::end(kMeanings)) { return found->kind; }
  return status >= 400 && status < 500 ? Kind::bad_request : Kind::server;
}

/// What stands in the body, as written.
struct Body {
  std::uint64_t code = 0;
  std::string_view message;
  std::string_view status;
  std::string_view reason;  ///< of google.rpc.ErrorInfo
  std::string_view delay;   ///< of google.rpc.RetryInfo: "37.5s"
  bool daily = false;       ///< of google.rpc.QuotaFailure: the quota of the day is used up
};

void read_violation(json::Cursor& at, Body& into) {
  at.object([&](json::Key key) {
    const std::string_view value = at.value();
    if (key == "quotaId") { into.daily = into.daily || value.contains("PerDay"); }
  });
}

void read_detail(json::Cursor& at, Body& into) {
  at.object([&](json::Key key) {
    if (key == "reason") {
      into.reason = at.string();
    } else if (key == "retryDelay") {
      into.delay = at.string();
    } else if (key == "violations") {
      at.array([&] { read_violation(at, into); });
    } else {
      at.skip_value();
    }
  });
}

void read_error_object(json::Cursor& at, Body& into) {
  at.object([&](json::Key key) {
    if (key == "code") {
      into.code = read_count(at).value_or(0);
    } else if (key == "message") {
      into.message = at.string();
    } else if (key == "status") {
      into.status = at.string();
    } else if (key == "details") {
      at.array([&] { read_detail(at, into); });
    } else {
      at.skip_value();
    }
  });
}

Body read_body(std::string_view text) {
  Body body;
  json::Cursor at(text);
  const auto read_one = [&] {
    at.object([&](json::Key key) {
      if (key == "error") {
        read_error_object(at, body);
      } else {
        at.skip_value();
      }
    });
  };
  if (at.peek() == '[') {
    at.array(read_one);
  } else {
    read_one();
  }
  return body;
}

/// Whole seconds, rounded up; 0 when it is no duration.
std::uint64_t seconds(std::string_view duration) {
  std::uint64_t value = 0;
  const char* const last = duration.data() + duration.size();
  const auto [end, error] = std::from_chars(duration.data(), last, value);
  if (duration.empty() || error != std::errc{}) { return 0; }
  const bool fraction = std::any_of(end, last, [](char c) { return c >= '1' && c <= '9'; });
  return value + (fraction ? 1 : 0);
}

std::string message_of(const Body& body, std::string_view text) {
  constexpr std::size_t kLongest = 1000;
  constexpr std::string_view kSpace = " \t\r\n";
  std::string message;
  if (!body.message.empty() && json::unescape(body.message, message)) { return message; }
  text = text.substr(0, kLongest);
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) { return "the provider gave no reason"; }
  return std::string(text.substr(begin, text.find_last_not_of(kSpace) + 1 - begin));
}

void refine(const Body& body, AnswerError& error) {
  if (body.reason == "API_KEY_INVALID") {
    error.kind = Kind::authentication;
    error.status = 401;
  } else if (error.kind == Kind::bad_request &&
             error.message.contains("exceeds the maximum number of tokens")) {
    error.kind = Kind::context_length;
  } else if (error.kind == Kind::rate_limit && body.daily) {
    error.kind = Kind::quota;
  }
}

}  // namespace

AnswerError read_error(int status, std::string_view text) {
  constexpr std::uint64_t kLastStatus = 599;
  const Body body = read_body(text);
  const auto* const known = std::ranges::find(kMeanings, body.status, &Meaning::status);
  const bool is_known = known != std::ranges::end(kMeanings);
  AnswerError error;
  error.status = status;
  if (status == 0 && body.code >= 400 && body.code <= kLastStatus) {
    error.status = static_cast<int>(body.code);
  }
  if (error.status == 0) { error.status = is_known ? known->http : 500; }
  error.kind = is_known ? known->kind : kind_of(error.status);
  error.message = message_of(body, text);
  error.type = body.status;
  error.code = body.reason;
  error.retry_after = seconds(body.delay);
  refine(body, error);
  return error;
}

}  // namespace butter::dialect::gemini
