#include "gateway/upstream_request.h"

#include <algorithm>

#include "base/strings.h"
#include "http/head_writer.h"
#include "json/text.h"

namespace butter::gateway {

std::span<const std::string_view> UpstreamRequest::relay(const ClientRequest& request,
                                                         const provider::Provider& provider,
                                                         const upstream::Endpoint& endpoint,
                                                         const routing::Attempt& attempt) {
  splice_body(request, attempt);
  const bool known = request.content_length || request.body_ended;
  const std::uint64_t size = splice_.size_after(static_cast<std::size_t>(
      request.body_ended ? request.body.size() : request.content_length.value_or(0)));
  chunked_ = !known;
  write_head(request, provider, endpoint, attempt,
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

Result<std::span<const std::string_view>> UpstreamRequest::translate(
    const dialect::Conversation& conversation, const ClientRequest& request,
    const provider::Provider& provider, const upstream::Endpoint& endpoint,
    const routing::Attempt& attempt) {
  chunked_ = false;
  body_.clear();
  const dialect::Target target = provider.target(attempt.model, request.stream_wanted);
  const auto* const dialect = dialect::provider_dialect(*provider.dialect());
  if (auto written = dialect->write_request(conversation, target, body_); !written) {
    return std::unexpected(std::move(written).error());
  }
  path_.clear();
  provider.append_path(target, path_);
  const std::string_view whole = path_;
  const std::size_t mark = std::min(whole.find('?'), whole.size());
  write_head(request, provider, endpoint, attempt,
             {.method = "POST",
              .path = whole.substr(0, mark),
              .query = whole.substr(std::min(mark + 1, whole.size())),
              .size = body_.size(),
              .relayed = false});
  pieces_[0] = head_.view();
  pieces_[1] = body_.view();
  return std::span<const std::string_view>(pieces_.data(), 2);
}

void UpstreamRequest::splice_body(const ClientRequest& request, const routing::Attempt& attempt) {
  splice_.clear();
  const bool renamed = !request.model.empty() && attempt.model != request.model;
  if (request.multipart && renamed) {
    const http::MultipartScanner::Value& model = *request.multipart->model();
    splice_.replace_range(static_cast<std::size_t>(model.begin),
                          static_cast<std::size_t>(model.end), attempt.model);
  }
  if (request.body_kind != ClientRequest::BodyKind::json) { return; }
  const json::RequestScan& scan = request.scan;
  if (renamed) {
    model_json_.clear();
    json::append_string(model_json_, attempt.model);
    splice_.replace(scan.model, model_json_);
  }
  if (!scan.provider_name.empty() || (scan.provider && !scan.provider_is_object)) {
    splice_.remove(request.body.view(), scan.provider);
  }
}

void UpstreamRequest::write_head(const ClientRequest& request, const provider::Provider& provider,
                                 const upstream::Endpoint& endpoint,
                                 const routing::Attempt& attempt, const Target& target) {
  Buffer& out = head_;
  out.clear();
  out.append(target.method);
  out.push_back(' ');
  if (endpoint.proxy && !endpoint.tls) {
    out.append("http://");
    out.append(provider.url().host_header);
  }
  provider.write_target(out, target.path, target.query);
  out.append(" HTTP/1.1\r\n");
  http::write_field(out, "Host", provider.url().host_header);
  if (provider.config().credential_mode == config::CredentialMode::passthrough) {
    out.append(request.credentials.view());
  } else if (attempt.key != routing::Attempt::kNoKey) {
    provider.write_auth(out, provider.config().keys[static_cast<std::size_t>(attempt.key)].key);
  }
  if (endpoint.proxy && !endpoint.tls && !endpoint.proxy->authorization.empty()) {
    http::write_field(out, "Proxy-Authorization", endpoint.proxy->authorization);
  }
  const bool typed = target.relayed && (request.body_kind != ClientRequest::BodyKind::json ||
                                        request.forwards("content-type"));
  write_client_headers(request, provider, typed);
  if (!target.known_size) {
    http::write_field(out, "Transfer-Encoding", "chunked");
  } else if (target.has_body) {
    http::write_field(out, "Content-Length", target.size);
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
