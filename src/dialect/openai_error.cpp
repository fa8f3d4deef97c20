#include "dialect/openai_error.h"

#include "json/writer.h"

namespace butter::dialect {

namespace {

struct Words {
  std::string_view type, code;
};

Words words_of(AnswerError::Kind kind) {
  using Kind = AnswerError::Kind;
  switch (kind) {
    case Kind::bad_request: return {"invalid_request_error", ""};
    case Kind::context_length: return {"invalid_request_error", "context_length_exceeded"};
    case Kind::content_filter: return {"invalid_request_error", "content_filter"};
    case Kind::authentication: return {"authentication_error", "invalid_api_key"};
    case Kind::permission: return {"permission_error", ""};
    case Kind::not_found: return {"invalid_request_error", "model_not_found"};
    case Kind::too_large: return {"invalid_request_error", "request_too_large"};
    case Kind::rate_limit: return {"rate_limit_error", "rate_limit_exceeded"};
    case Kind::quota: return {"insufficient_quota", "insufficient_quota"};
    case Kind::overloaded: return {"server_error", "overloaded"};
    case Kind::timeout: return {"timeout_error", "timeout"};
    case Kind::server: return {"server_error", ""};
  }
  __builtin_unreachable();
}

}  // namespace

void write_openai_error(const AnswerError& error, std::string_view /*request_id*/, Buffer& out) {
  const Words words = words_of(error.kind);
  json::Writer writer(out);
  writer.begin_object().key("error").begin_object();
  writer.key("message").string(error.message).key("type").string(words.type);
  writer.key("param").null().key("code");
  words.code.empty() ? writer.null() : writer.string(words.code);
  writer.end_object().end_object();
}

}  // namespace butter::dialect
