// Where a request goes: routing, attempts, back-off.

#include <algorithm>
#include <array>
#include <utility>

#include "base/strings.h"
#include "gateway/exchange.h"
#include "gateway/worker.h"
#include "http/head_writer.h"
#include "json/text.h"

namespace butter::gateway {

namespace {

std::string unsupported(std::string_view provider, provider::Operation operation,
                        std::string_view rest) {
  std::string message = "provider \"" + std::string(provider) + "\" does not support ";
  if (operation == provider::Operation::messages) {
    message += "Anthropic native API";
  } else if (operation == provider::Operation::embeddings) {
    message += "embeddings";
  } else {
    message += "/v1" + std::string(rest);
  }
  return message;
}

bool needs_model(provider::Operation operation) {
  switch (operation) {
    case provider::Operation::chat:
    case provider::Operation::completions:
    case provider::Operation::embeddings:
    case provider::Operation::messages: return true;
    case provider::Operation::responses:
    case provider::Operation::other: return false;
  }
  __builtin_unreachable();
}

}  // namespace

const provider::Provider& Exchange::current_provider() const {
  return snapshot_->snapshot().provider(attempt_.provider);
}

bool Exchange::ready_to_route() const {
  switch (body_kind_) {
    case BodyKind::none:
    case BodyKind::json: return false;
    case BodyKind::opaque: return true;
    case BodyKind::multipart:
      return form_ == http::MultipartScanner::State::bad || multipart_->model() != nullptr;
  }
  __builtin_unreachable();
}

Result<void> Exchange::read_json() {
  auto scanned = worker_.scanner().scan(body_.view());
  if (!scanned) {
    // Other endpoints may take any JSON: what is no object names no model.
    return std::unexpected(scanned.error());
  }
  scan_ = *scanned;
  model_ = scan_.model_name;
  provider_name_ = scan_.provider_name;
  stream_wanted_ = scan_.stream_on;
  if (model_.empty() && needs_model(operation_)) {
    return fail(Errc::bad_request, "missing required field: model");
  }
  return {};
}

Result<routing::Candidates> Exchange::candidates() {
  const Snapshot& snapshot = snapshot_->snapshot();
  if (native_) {
    const std::size_t index = snapshot.find_provider(provider_name_);
    if (index == snapshot.provider_count()) {
      return fail(Errc::not_found, "provider \"" + provider_name_ + "\" not found");
    }
    if (!snapshot.provider(index).has_native()) {
      return fail(Errc::bad_request,
                  "provider \"" + provider_name_ + "\" does not support passthrough");
    }
    if (!snapshot.config().providers[index].off.empty()) {
      return fail(Errc::unavailable, "provider \"" + provider_name_ +
                                         "\" is off: " + snapshot.config().providers[index].off);
    }
    routing::Candidates one;
    one.items[0].provider = static_cast<std::uint16_t>(index);
    one.count = 1;
    return one;
  }
  if (body_kind_ == BodyKind::json) {
    if (auto read = read_json(); !read) { return std::unexpected(read.error()); }
  } else if (multipart_) {
    const bool cut = body_ended_ && form_ == http::MultipartScanner::State::reading;
    if (cut || form_ == http::MultipartScanner::State::bad) {
      return fail(Errc::bad_request, "invalid request body: malformed multipart/form-data");
    }
    if (const auto* const model = multipart_->model()) { model_ = model->text; }
    stream_wanted_ = multipart_->stream();
  }
  return snapshot.router().candidates(model_, provider_name_, worker_.random());
}

Result<void> Exchange::keep_speakers(routing::Candidates& candidates) const {
  if (native_) { return {}; }
  const Snapshot& snapshot = snapshot_->snapshot();
  const std::uint16_t first = candidates.items[0].provider;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < candidates.count; ++i) {
    if (snapshot.provider(candidates.items[i].provider).speaks(operation_)) {
      candidates.items[kept++] = candidates.items[i];
    }
  }
  candidates.count = kept;
  if (kept > 0) { return {}; }
  return fail(Errc::bad_request,
              unsupported(snapshot.config().providers[first].name, operation_, rest_));
}

void Exchange::route() {
  const Snapshot& snapshot = snapshot_->snapshot();
  auto found = candidates();
  if (found) {
    if (auto kept = keep_speakers(*found); !kept) { found = std::unexpected(kept.error()); }
  }
  if (!found) {
    refuse(found.error().code, found.error().detail);
    return;
  }
  plan_ = routing::Plan(snapshot.config(), snapshot.router(), *found, model_);
  const auto attempt = plan_.start(connection_->loop().now(), worker_.random());
  if (!attempt) {
    refuse(attempt.error().code, attempt.error().detail);
    return;
  }
  body_streams_ = !body_ended_;
  attempt_ = *attempt;
  worker_.telemetry().count_attempt(current_provider().config().name, "first");
  start_attempt();
}

void Exchange::start_attempt() {
  state_ = State::attempting;
  ++attempts_;
  upstream_model_ = attempt_.model;
  const config::Provider& config = current_provider().config();
  if (config.type == config::ProviderType::mock) {
    start_local();
    return;
  }
  std::array<std::string_view, upstream::Call::kMostPieces> pieces;
  const std::size_t count = write_request(pieces);
  const config::TimeLimits& limits = config.timeouts;
  upstream::Pool& pool = snapshot_->pool(attempt_.provider);
  overhead_ += std::chrono::steady_clock::now() - received_at_;
  // Last: the call may end, and this object with it, before start() returns.
  call_.start(
      pool, *this,
      {.pieces = {pieces.data(), count}, .is_head = is_head_, .body_follows = body_streams_},
      {.connect = limits.connect,
       .first_byte = limits.first_byte,
       .idle = limits.idle,
       .total = stream_wanted_ ? limits.stream_total : limits.total});
}

void Exchange::start_local() {
  if (!local_) { local_ = std::make_unique<LocalCall>(connection_->loop()); }
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  local_->start(
      provider::mock_answer(rest_, body_.view(), stream_wanted_, upstream_model_,
                            std::chrono::duration_cast<std::chrono::seconds>(now).count()),
      *this);
}

std::size_t Exchange::write_request(std::span<std::string_view> pieces) {
  splice_body(attempt_);
  const bool known = content_length_ || body_ended_;
  const std::uint64_t size = splice_.size_after(
      static_cast<std::size_t>(body_ended_ ? body_.size() : content_length_.value_or(0)));
  chunked_upload_ = !known;
  write_request_head(size, known);
  if (chunked_upload_ && !body_.empty()) {
    char chunk[20];
    request_head_.append({chunk, http::write_chunk_head(chunk, splice_.size_after(body_.size()))});
  }
  pieces[0] = request_head_.view();
  std::size_t count = 1;
  if (!body_.empty()) { count += splice_.pieces(body_.view(), pieces.subspan(1)); }
  if (chunked_upload_ && !body_.empty()) { pieces[count++] = "\r\n"; }
  return count;
}

void Exchange::splice_body(const routing::Attempt& attempt) {
  splice_.clear();
  const bool renamed = !model_.empty() && attempt.model != model_;
  if (multipart_ && renamed) {
    const http::MultipartScanner::Value& model = *multipart_->model();
    splice_.replace_range(static_cast<std::size_t>(model.begin),
                          static_cast<std::size_t>(model.end), attempt.model);
  }
  if (body_kind_ != BodyKind::json) { return; }
  if (renamed) {
    model_json_.clear();
    json::append_string(model_json_, attempt.model);
    splice_.replace(scan_.model, model_json_);
  }
  if (!scan_.provider_name.empty() || (scan_.provider && !scan_.provider_is_object)) {
    splice_.remove(body_.view(), scan_.provider);
  }
}

void Exchange::write_request_head(std::uint64_t body_size, bool known_size) {
  const provider::Provider& provider = current_provider();
  const upstream::Endpoint& endpoint = *snapshot_->snapshot().endpoint(attempt_.provider);
  Buffer& out = request_head_;
  out.clear();
  out.append(method_);
  out.push_back(' ');
  if (endpoint.proxy && !endpoint.tls) {
    out.append("http://");
    out.append(provider.url().host_header);
  }
  provider.write_target(out, rest_, query_);
  out.append(" HTTP/1.1\r\n");
  http::write_field(out, "Host", provider.url().host_header);
  if (provider.config().credential_mode == config::CredentialMode::passthrough) {
    out.append(credentials_.view());
  } else if (attempt_.key != routing::Attempt::kNoKey) {
    provider.write_auth(out, provider.config().keys[static_cast<std::size_t>(attempt_.key)].key);
  }
  if (endpoint.proxy && !endpoint.tls && !endpoint.proxy->authorization.empty()) {
    http::write_field(out, "Proxy-Authorization", endpoint.proxy->authorization);
  }
  write_client_headers(provider);
  if (!known_size) {
    http::write_field(out, "Transfer-Encoding", "chunked");
  } else if (body_kind_ != BodyKind::none) {
    http::write_field(out, "Content-Length", body_size);
  }
  http::end_head(out);
}

void Exchange::write_client_headers(const provider::Provider& provider) {
  const auto& configured = provider.config().headers;
  const auto defaults = provider.default_headers();
  const bool typed = body_kind_ != BodyKind::json || forward_has("content-type");
  if (!typed) { http::write_field(request_head_, "Content-Type", "application/json"); }
  for (const provider::DefaultHeader& header : defaults) {
    if (!forward_has(header.name)) { http::write_field(request_head_, header.name, header.value); }
  }
  if (configured.empty()) {
    request_head_.append(forward_.view());
    return;
  }
  for (const auto& [name, value] : configured) { http::write_field(request_head_, name, value); }
  // The operator's headers win over the caller's of the same name.
  for (std::string_view rest = forward_.view(); !rest.empty();) {
    const std::size_t end = rest.find("\r\n") + 2;
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end);
    const std::string_view name = line.substr(0, line.find(':'));
    const bool ours = std::ranges::any_of(
        configured, [name](const auto& each) { return iequals(each.first, name); });
    if (!ours) { request_head_.append(line); }
  }
}

bool Exchange::forward_has(std::string_view name) const {
  for (std::string_view rest = forward_.view(); !rest.empty();
       rest.remove_prefix(rest.find("\r\n") + 2)) {
    if (iequals(rest.substr(0, rest.find(':')), name)) { return true; }
  }
  return false;
}

routing::Next Exchange::next_after(const routing::Failure& failure, std::string_view message) {
  using log::field;
  const std::string& name = current_provider().config().name;
  auto change = routing::ProviderHealth::Change::none;
  routing::Next next = plan_.after(failure, connection_->loop().now(), worker_.random(), change);
  // A caller's own mistake is no news for the operator.
  const bool callers = failure.status >= 400 && failure.status < 500 && failure.status != 401 &&
                       failure.status != 403 && failure.status != 429;
  worker_.logger().write(callers ? log::Level::debug : log::Level::warn, "upstream attempt failed",
                         field("provider", name), field("model", model_),
                         field("attempt", attempts_), field("errc", to_string(failure.code)),
                         field("status", failure.status), field("error", message),
                         field("request_id", request_id_));
  worker_.log_breaker(name, change);
  // Bytes that were passed on as they came cannot be sent again, and /native is not ours to repeat.
  if (native_ || body_streams_) { next.kind = routing::Next::Kind::give_up; }
  return next;
}

void Exchange::failed(const routing::Failure& failure, std::string_view message) {
  const routing::Next next = next_after(failure, message);
  if (next.kind == routing::Next::Kind::give_up) {
    refuse(failure.code, message);
  } else {
    try_next(next);
  }
}

void Exchange::try_next(const routing::Next& next) {
  const std::string_view reason = next.attempt.provider != attempt_.provider ? "failover"
                                  : next.attempt.key != attempt_.key         ? "key"
                                                                             : "retry";
  attempt_ = next.attempt;
  worker_.telemetry().count_attempt(current_provider().config().name, reason);
  if (next.delay > Duration::zero()) {
    state_ = State::waiting;
    connection_->loop().arm(backoff_, next.delay);
    return;
  }
  received_at_ = std::chrono::steady_clock::now();
  start_attempt();
}

void Exchange::on_backoff_over() {
  received_at_ = std::chrono::steady_clock::now();
  start_attempt();
}

}  // namespace butter::gateway
