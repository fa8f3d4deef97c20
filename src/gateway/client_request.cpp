#include "gateway/client_request.h"

#include "base/strings.h"
#include "gateway/app_key.h"
#include "gateway/headers.h"
#include "http/media_type.h"
#include "provider/provider.h"

namespace butter::gateway {

namespace {

bool needs_model(provider::Operation operation) {
  switch (operation) {
    case provider::Operation::chat:
    case provider::Operation::completions:
    case provider::Operation::embeddings:
    case provider::Operation::messages:
    case provider::Operation::count_tokens: return true;
    case provider::Operation::responses:
    case provider::Operation::other: return false;
  }
  __builtin_unreachable();
}

std::optional<dialect::Dialect> dialect_of(provider::Operation operation) {
  switch (operation) {
    case provider::Operation::chat: return dialect::Dialect::chat;
    case provider::Operation::responses: return dialect::Dialect::responses;
    case provider::Operation::messages:
    case provider::Operation::count_tokens: return dialect::Dialect::messages;
    case provider::Operation::completions:
    case provider::Operation::embeddings:
    case provider::Operation::other: return std::nullopt;
  }
  __builtin_unreachable();
}

}  // namespace

void ClientRequest::begin(const http::RequestHead& head, const Path& to) {
  method = head.method;
  path = head.path;
  rest = to.rest;
  query = head.query;
  app_key = head.fields.value(kAppKeyHeader);
  provider_name = to.provider;
  operation = to.operation;
  native = to.kind == Path::Kind::native;
  is_head = head.method == "HEAD";
  body_ended = body_streams = stream_wanted = false;
  bytes_in = 0;
  form = http::MultipartScanner::State::reading;
  model.clear();
  multipart.reset();
  content_length.reset();
  conversation_.reset();
  embeddings_.reset();
  if (head.framing.kind == http::Framing::Kind::length) { content_length = head.framing.length; }
  write_forwarded(forward, credentials, head.fields,
                  native ? ForwardRule::everything : ForwardRule::allowlist);
  const std::string_view type = head.fields.value("content-type");
  if (head.framing.kind == http::Framing::Kind::none) {
    body_kind = operation == provider::Operation::other ? BodyKind::none : BodyKind::json;
  } else if (auto boundary = http::boundary_of(type); boundary && !native) {
    body_kind = BodyKind::multipart;
    multipart.emplace(*boundary);
  } else {
    const bool reads =
        type.empty() || http::is_json(type) || operation != provider::Operation::other;
    body_kind = reads && !native ? BodyKind::json : BodyKind::opaque;
  }
}

void ClientRequest::forget() noexcept {
  multipart.reset();
  conversation_.reset();
  embeddings_.reset();
}

void ClientRequest::add_body(std::string_view piece) {
  body.append(piece);
  if (multipart) { form = multipart->feed(piece); }
}

bool ClientRequest::ready_to_route() const {
  switch (body_kind) {
    case BodyKind::none:
    case BodyKind::json:
    case BodyKind::whole: return false;
    case BodyKind::opaque: return true;
    case BodyKind::multipart:
      return form == http::MultipartScanner::State::bad || multipart->model() != nullptr;
  }
  __builtin_unreachable();
}

Result<void> ClientRequest::read(json::RequestScanner& scanner) {
  if (native) { return {}; }
  if (body_kind == BodyKind::json) { return read_json(scanner); }
  if (!multipart) { return {}; }
  const bool cut = body_ended && form == http::MultipartScanner::State::reading;
  if (cut || form == http::MultipartScanner::State::bad) {
    return fail(Errc::bad_request, "invalid request body: malformed multipart/form-data");
  }
  if (const auto* const found = multipart->model()) { model = found->text; }
  stream_wanted = multipart->stream();
  return {};
}

Result<void> ClientRequest::read_json(json::RequestScanner& scanner) {
  auto scanned = scanner.scan(body.view());
  if (!scanned) { return std::unexpected(std::move(scanned).error()); }
  scan = *scanned;
  model = scan.model_name;
  provider_name = scan.provider_name;
  stream_wanted = scan.stream_on;
  if (model.empty() && needs_model(operation)) {
    return fail(Errc::bad_request, "missing required field: model");
  }
  return {};
}

void ClientRequest::replace_body(std::string_view json) {
  body.clear();
  body.append(json);
  if (content_length) { content_length = json.size(); }
  conversation_.reset();
  embeddings_.reset();
}

void ClientRequest::set_field(std::string_view name, std::string_view value) {
  set_line(provider::Provider::is_credential(name) ? credentials : forward, name, value);
}

std::optional<std::string_view> ClientRequest::forwarded(std::string_view name) const {
  return value_in(forward.view(), name);
}

const dialect::CallerDialect* ClientRequest::dialect() const {
  const auto spoken = dialect_of(operation);
  return spoken && !native ? dialect::caller_dialect(*spoken) : nullptr;
}

Result<const dialect::Conversation*> ClientRequest::conversation() {
  if (!conversation_) {
    auto made = std::make_unique<dialect::Conversation>();
    if (auto done = dialect()->read_request(body.view(), *made); !done) {
      return std::unexpected(std::move(done).error());
    }
    conversation_ = std::move(made);
  }
  return conversation_.get();
}

Result<const dialect::EmbeddingsRequest*> ClientRequest::embeddings() {
  if (!embeddings_) {
    auto read = dialect::read_embeddings_request(body.view());
    if (!read) { return std::unexpected(std::move(read).error()); }
    embeddings_ = std::make_unique<dialect::EmbeddingsRequest>(*std::move(read));
  }
  return embeddings_.get();
}

}  // namespace butter::gateway
