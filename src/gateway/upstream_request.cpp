#include "gateway/upstream_request.h"

#include <algorithm>

#include "base/strings.h"
#include "http/head_writer.h"
#include "json/text.h"

namespace butter::gateway {

std::span<const std::string_view> UpstreamRequest::relay(const ClientRequest& request,
                                                         const Destination& to) {
  splice_body(request, to);
  const bool known = request.content_length || request.body_ended;
  const std::uint64_t size = splice_.size_after(static_cast<std::size_t>(
      request.body_ended ? request.body.size() : request.content_length.value_or(0)));
  chunked_ = !known;
  write_head(request, to,
             {.method = request.method,
              .path = request.rest,
              .query = request.query,
              .known_size = known,
              .size = size,
              .has_body = request.body_kind != ClientRequest::BodyKind::none});
  const bool chunk = chunked_ && !request.body.empty();
  if (chunk) {
    char line[http::kMostChunkHead];
    head_.append({line, http::write_chunk_head(line, splice_.size_after(request.body.size()))});
  }
  pieces_[0] = head_.view();
  std::size_t count = 1;
  if (!request.body.empty()) {
    count += splice_.pieces(request.body.view(), std::span(pieces_).subspan(1));
  }
  if (chunk) { pieces_[count++] = "\r\n"; }
  return {pieces_.data(), count};
}

std::span<const std::string_view> UpstreamRequest::readdress(const ClientRequest& request,
                                                             const Destination& to) {
  asks_for_usage_ = false;
  splice_.clear();
  to.provider.splice_relayed(request.scan, request.body.view(),
                             request.forwarded("anthropic-beta").value_or(""), splice_);
  path_.clear();
  to.provider.append_path(to.provider.target(to.attempt.model, request.stream_wanted), path_);
  return to_own_path(request, to,
                     splice_.pieces(request.body.view(), std::span(pieces_).subspan(1)));
}

Result<std::string_view> UpstreamRequest::translate_body(const dialect::Conversation& conversation,
                                                         const provider::Provider& provider,
                                                         const dialect::Target& target) {
  body_.clear();
  const auto* const dialect = dialect::provider_dialect(*provider.dialect_of(target.model));
  if (auto written = dialect->write_request(conversation, target, body_); !written) {
    return std::unexpected(std::move(written).error());
  }
  return body_.view();
}

Result<std::span<const std::string_view>> UpstreamRequest::translate(
    const dialect::Conversation& conversation, const ClientRequest& request,
    const Destination& to) {
  const dialect::Target target = to.provider.target(to.attempt.model, request.stream_wanted);
  auto body = translate_body(conversation, to.provider, target);
  if (!body) { return std::unexpected(std::move(body).error()); }
  pieces_[1] = *body;
  path_.clear();
  to.provider.append_path(target, path_);
  return to_own_path(request, to, 1);
}

Result<std::span<const std::string_view>> UpstreamRequest::embed(
    const dialect::EmbeddingsRequest& embeddings, const ClientRequest& request,
    const Destination& to) {
  body_.clear();
  const std::string_view model = to.attempt.model;
  const auto* const dialect = to.provider.embeddings(model);
  if (auto written = dialect->write_request(embeddings, model, body_); !written) {
    return std::unexpected(std::move(written).error());
  }
  pieces_[1] = body_.view();
  path_.clear();
  to.provider.append_embeddings_path(model, embeddings, path_);
  return to_own_path(request, to, 1);
}

/// The body's pieces stand behind the head's place, the path in path_.
std::span<const std::string_view> UpstreamRequest::to_own_path(const ClientRequest& request,
                                                               const Destination& to,
                                                               std::size_t body_pieces) {
  chunked_ = false;
  const auto body = std::span(pieces_).subspan(1, body_pieces);
  std::uint64_t size = 0;
  for (const std::string_view piece : body) { size += piece.size(); }
  const std::string_view whole = path_;
  const std::size_t mark = std::min(whole.find('?'), whole.size());
  write_head(request, to,
             {.method = "POST",
              .path = whole.substr(0, mark),
              .query = whole.substr(std::min(mark + 1, whole.size())),
              .size = size,
              .relayed = false,
              .body = body});
  pieces_[0] = head_.view();
  return {pieces_.data(), body_pieces + 1};
}

void UpstreamRequest::splice_body(const ClientRequest& request, const Destination& to) {
  splice_.clear();
  const std::string_view name = to.attempt.model;
  const bool renamed = !request.model.empty() && name != request.model;
  if (request.multipart && renamed) {
    const http::MultipartScanner::Value& model = *request.multipart->model();
    splice_.replace_range(static_cast<std::size_t>(model.begin),
                          static_cast<std::size_t>(model.end), name);
  }
  asks_for_usage_ = false;
  if (request.body_kind != ClientRequest::BodyKind::json) { return; }
  const json::RequestScan& scan = request.scan;
  if (renamed) {
    model_json_.clear();
    json::append_string(model_json_, name);
    splice_.replace(scan.model, model_json_);
  }
  if (!scan.provider_name.empty() || (scan.provider && !scan.provider_is_object)) {
    splice_.remove(request.body.view(), scan.provider);
  }
  // A caller who says anything about it knows what he wants.
  asks_for_usage_ = request.stream_wanted && !scan.stream_options &&
                    request.operation == provider::Operation::chat && to.provider.streams_usage();
  if (asks_for_usage_) { splice_.append(scan, R"("stream_options":{"include_usage":true})"); }
}

void UpstreamRequest::write_head(const ClientRequest& request, const Destination& to,
                                 const Line& line) {
  const provider::Provider& provider = to.provider;
  const bool by_proxy = to.endpoint.proxy && !to.endpoint.tls;
  Buffer& out = head_;
  out.clear();
  out.append(line.method);
  out.push_back(' ');
  if (by_proxy) {
    out.append("http://");
    out.append(provider.url().host_header);
  }
  const std::size_t target_at = out.size();
  provider.write_target(out, to.attempt.model, line.path, line.query);
  const std::size_t target_size = out.size() - target_at;
  out.append(" HTTP/1.1\r\n");
  http::write_field(out, "Host", provider.url().host_header);
  if (to.credential != nullptr) {
    const std::string target(out.view().substr(target_at, target_size));
    provider.authorise({.method = line.method,
                        .target = target,
                        .host = provider.url().host_header,
                        .body = line.body,
                        .now = to.now},
                       *to.credential, out);
  } else if (provider.config().credential_mode == config::CredentialMode::passthrough) {
    out.append(request.credentials.view());
  } else if (to.attempt.key != routing::Attempt::kNoKey) {
    provider.write_auth(out, provider.config().keys[static_cast<std::size_t>(to.attempt.key)].key);
  }
  if (by_proxy && !to.endpoint.proxy->authorization.empty()) {
    http::write_field(out, "Proxy-Authorization", to.endpoint.proxy->authorization);
  }
  const bool typed = line.relayed && (request.body_kind != ClientRequest::BodyKind::json ||
                                      request.forwards("content-type"));
  write_client_headers(request, provider, typed);
  if (!line.known_size) {
    http::write_field(out, "Transfer-Encoding", "chunked");
  } else if (line.has_body) {
    http::write_field(out, "Content-Length", line.size);
  }
  http::end_head(out);
}

void UpstreamRequest::write_client_headers(const ClientRequest& request,
                                           const provider::Provider& provider, bool typed) {
  const auto& configured = provider.config().headers;
  if (!typed && !request.forwards("content-type")) {
    http::write_field(head_, "Content-Type", "application/json");
  }
  for (const provider::DefaultHeader& header : provider.default_headers()) {
    if (!request.forwards(header.name)) { http::write_field(head_, header.name, header.value); }
  }
  if (configured.empty()) {
    head_.append(request.forward.view());
    return;
  }
  for (const auto& [name, value] : configured) { http::write_field(head_, name, value); }
  // The operator's headers win over the caller's of the same name.
  for (std::string_view rest = request.forward.view(); !rest.empty();) {
    const std::size_t end = rest.find("\r\n") + 2;
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end);
    const std::string_view name = line.substr(0, line.find(':'));
    const bool ours = std::ranges::any_of(
        configured, [name](const auto& each) { return iequals(each.first, name); });
    if (!ours) { head_.append(line); }
  }
}

}  // namespace butter::gateway
