#include "dialect/responses_object.h"

#include "dialect/one_line.h"
#include "dialect/responses_config.h"
#include "dialect/responses_tools.h"
#include "dialect/responses_usage.h"
#include "json/text.h"
#include "json/writer.h"

namespace butter::dialect {

namespace {

std::string_view word_of(ResponseStatus status) {
  switch (status) {
    case ResponseStatus::in_progress: return "in_progress";
    case ResponseStatus::completed: return "completed";
    case ResponseStatus::max_output_tokens:
    case ResponseStatus::content_filter: return "incomplete";
    case ResponseStatus::failed: return "failed";
  }
  __builtin_unreachable();
}

void write_incomplete(ResponseStatus status, json::Writer& writer) {
  writer.key("incomplete_details");
  switch (status) {
    case ResponseStatus::in_progress:
    case ResponseStatus::completed:
    case ResponseStatus::failed: writer.null(); return;
    case ResponseStatus::max_output_tokens:
      writer.begin_object().key("reason").string("max_output_tokens").end_object();
      return;
    case ResponseStatus::content_filter:
      writer.begin_object().key("reason").string("content_filter").end_object();
      return;
  }
}

void write_failure(const AnswerError* error, json::Writer& writer) {
  writer.key("error");
  if (error == nullptr) {
    writer.null();
    return;
  }
  writer.begin_object().key("code").string(response_error_code(error->kind));
  writer.key("message").string(error->message).end_object();
}

}  // namespace

ResponseObject::ResponseObject(const AnswerContext& context, std::string_view id)
    : id_(id), created_(context.now) {
  json::append_string(model_, context.model);
  Buffer lines;
  json::Writer writer(lines);
  const Conversation nothing;
  const Conversation& asked = context.asked != nullptr ? *context.asked : nothing;
  write_responses_config(asked, writer);
  write_responses_tools(asked, writer);
  append_one_line(asked_, lines.view());
}

void ResponseObject::name(const AnswerStart& start) {
  if (!start.model.empty()) { model_ = '"' + std::string(start.model.escaped) + '"'; }
  if (start.created != 0) { created_ = start.created; }
}

void ResponseObject::write(ResponseStatus status, std::string_view output, const Usage* usage,
                           const AnswerError* error, Buffer& out) const {
  json::Writer writer(out);
  writer.begin_object().key("id").escaped(id_).key("object").string("response");
  writer.key("created_at").number(created_).key("status").string(word_of(status));
  writer.key("background").boolean(false);
  write_failure(error, writer);
  write_incomplete(status, writer);
  writer.key("instructions").null().key("model").raw(model_);
  writer.key("output").begin_array();
  if (!output.empty()) { writer.raw(output); }
  writer.end_array().key("previous_response_id").null();
  writer.raw(asked_.view());
  writer.key("store").boolean(false).key("truncation").string("disabled").key("usage");
  usage == nullptr ? (void)writer.null() : write_responses_usage(*usage, writer);
  writer.end_object();
}

std::string_view response_error_code(AnswerError::Kind kind) noexcept {
  switch (kind) {
    case AnswerError::Kind::bad_request:
    case AnswerError::Kind::content_filter:
    case AnswerError::Kind::too_large: return "invalid_prompt";
    case AnswerError::Kind::rate_limit: return "rate_limit_exceeded";
    // Not in the list that OpenAI documents, but what it sends and Codex acts on.
    case AnswerError::Kind::context_length: return "context_length_exceeded";
    case AnswerError::Kind::quota: return "insufficient_quota";
    case AnswerError::Kind::overloaded:
    case AnswerError::Kind::authentication:
    case AnswerError::Kind::permission:
    case AnswerError::Kind::not_found:
    case AnswerError::Kind::timeout:
    case AnswerError::Kind::server: return "server_error";
  }
  __builtin_unreachable();
}

}  // namespace butter::dialect
