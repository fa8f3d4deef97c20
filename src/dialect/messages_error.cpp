#include "dialect/messages_error.h"

#include <algorithm>
#include <string>

#include "json/text.h"
#include "json/writer.h"

namespace butter::dialect {

namespace {

using Kind = AnswerError::Kind;

struct Word {
  std::string_view type;
  Kind kind;
  int status;
};

// Both ways: the first row of a kind says how it is written.
constexpr Word kWords[] = {
    {"invalid_request_error", Kind::bad_request, 400},
    {"invalid_request_error", Kind::context_length, 400},
    {"invalid_request_error", Kind::content_filter, 400},
    {"authentication_error", Kind::authentication, 401},
    {"billing_error", Kind::quota, 402},
    {"permission_error", Kind::permission, 403},
    {"not_found_error", Kind::not_found, 404},
    {"conflict_error", Kind::bad_request, 409},
    {"request_too_large", Kind::too_large, 413},
    {"rate_limit_error", Kind::rate_limit, 429},
    {"api_error", Kind::server, 500},
    {"timeout_error", Kind::timeout, 504},
    {"gateway_timeout_error", Kind::timeout, 504},
    {"overloaded_error", Kind::overloaded, 529},
};

bool says(std::string_view text, std::string_view what) {
  return text.find(what) != std::string_view::npos;
}

Kind kind_of_status(int status) {
  switch (status) {
    case 402: return Kind::quota;
    case 408: return Kind::timeout;
    case 424:
    case 503: return Kind::overloaded;  // Bedrock's model errors and Vertex's UNAVAILABLE
    default: break;
  }
  const auto* const row = std::ranges::find(kWords, status, &Word::status);
  if (row != std::end(kWords)) { return row->kind; }
  return status >= 400 && status < 500 ? Kind::bad_request : Kind::server;
}

/// What Anthropic says under a type that says less.
Kind nearer(Kind kind, std::string_view message) {
  if (kind != Kind::bad_request) { return kind; }
  if (says(message, "prompt is too long") || says(message, "exceed context limit") ||
      says(message, "Input is too long")) {
    return Kind::context_length;
  }
  if (says(message, "content filtering policy")) { return Kind::content_filter; }
  if (says(message, "credit balance is too low")) { return Kind::quota; }
  return kind;
}

std::string plain(json::Cursor& at) {
  std::string text;
  if (!json::unescape(at.string(), text)) { text.clear(); }
  return text;
}

void read_members(json::Cursor& at, AnswerError& error) {
  at.object([&](json::Key key) {
    if (key == "error" && at.peek() == '{') {
      read_members(at, error);
    } else if (key == "message" || key == "Message") {
      error.message = plain(at);
    } else if (key == "type" || key == "status") {
      if (std::string word = plain(at); !word.empty() && word != "error") { error.type = word; }
    } else {
      at.skip_value();
    }
  });
}

AnswerError read(int status, std::string_view body) {
  AnswerError error{.status = status};
  json::Cursor at(body);
  if (at.peek() == '{') { read_members(at, error); }
  if (error.message.empty()) {
    error.message = body.starts_with('{') ? "the provider gives no reason" : body;
  }
  const auto* const row = std::ranges::find(kWords, error.type, &Word::type);
  const bool known = row != std::end(kWords);
  if (error.status == 0) { error.status = known ? row->status : 500; }
  error.kind = nearer(known ? row->kind : kind_of_status(error.status), error.message);
  return error;
}

std::string_view type_of(const AnswerError& error) {
  return std::ranges::find(kWords, error.kind, &Word::kind)->type;
}

}  // namespace

AnswerError read_messages_error(int status, std::string_view body) {
  return read(status, body);
}

AnswerError read_messages_stream_error(std::string_view data) {
  return read(0, data);
}

void write_messages_error(const AnswerError& error, std::string_view request_id, Buffer& out) {
  json::Writer writer(out);
  writer.begin_object().key("type").string("error").key("error").begin_object();
  writer.key("type").string(type_of(error)).key("message").string(error.message).end_object();
  writer.key("request_id");
  request_id.empty() ? writer.null() : writer.string(request_id);
  writer.end_object();
}

}  // namespace butter::dialect
