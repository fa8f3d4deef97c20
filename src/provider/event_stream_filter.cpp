#include "provider/event_stream_filter.h"

#include "crypto/base64.h"
#include "dialect/converse_error.h"
#include "http/head_writer.h"
#include "json/cursor.h"
#include "provider/stream_contract.h"

namespace butter::provider {

namespace {

std::string_view member(std::string_view object, std::string_view name) {
  std::string_view found;
  json::Cursor cursor(object);
  cursor.object([&](json::Key key) {
    if (key == name && found.empty()) {
      found = cursor.string();
    } else {
      cursor.skip_value();
    }
  });
  return found;
}

std::string_view anthropic_type(dialect::AnswerError::Kind kind) {
  using Kind = dialect::AnswerError::Kind;
  switch (kind) {
    case Kind::bad_request:
    case Kind::context_length:
    case Kind::content_filter: return "invalid_request_error";
    case Kind::authentication: return "authentication_error";
    case Kind::permission: return "permission_error";
    case Kind::not_found: return "not_found_error";
    case Kind::too_large: return "request_too_large";
    case Kind::rate_limit:
    case Kind::quota: return "rate_limit_error";
    case Kind::overloaded: return "overloaded_error";
    case Kind::timeout: return "timeout_error";
    case Kind::server: return "api_error";
  }
  __builtin_unreachable();
}

}  // namespace

Result<void> EventStreamFilter::feed(std::string_view bytes, Buffer& out) {
  while (true) {
    const auto message = decoder_.next(bytes);
    if (!message) { return std::unexpected(message.error()); }
    if (!*message) { return {}; }
    if (auto written = write(**message, out); !written) { return written; }
  }
}

Result<void> EventStreamFilter::write(const dialect::EventStreamMessage& message, Buffer& out) {
  if (message.message_type != "event") {
    dialect::AnswerError error = dialect::converse_error(0, message.type, message.payload);
    if (!message.error.empty()) { error.message = message.error; }
    out.append(StreamContract(Operation::messages)
                   .error_event(error.message, anthropic_type(error.kind), error.type));
    return {};
  }
  if (message.type != "chunk") { return {}; }
  json_.clear();
  const bool decoded = crypto::append_base64_decoded(json_, member(message.payload, "bytes"));
  const std::string_view type = decoded ? member(json_, "type") : std::string_view{};
  // A line end would end the event's data: the models' JSON has none.
  if (type.empty() || json_.find_first_of("\r\n") != std::string::npos) {
    return fail(Errc::upstream_protocol, "a chunk of the stream is no event of Anthropic's");
  }
  http::append_all(out, "event: ", type, "\ndata: ", json_, "\n\n");
  return {};
}

Result<void> EventStreamFilter::close() {
  if (!decoder_.inside_message()) { return {}; }
  return fail(Errc::upstream_closed, "the stream ended in the middle of an event");
}

}  // namespace butter::provider
