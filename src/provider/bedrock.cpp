#include <array>
#include <utility>

#include "base/strings.h"
#include "crypto/digest.h"
#include "crypto/hex.h"
#include "http/head_writer.h"
#include "http/media_type.h"
#include "provider/anthropic_body.h"
#include "provider/auth.h"
#include "provider/aws_signature.h"
#include "provider/bedrock_model.h"
#include "provider/event_stream_filter.h"
#include "provider/types.h"

namespace butter::provider {

namespace {

constexpr std::string_view kVersion = "bedrock-2023-05-31";

class Bedrock final : public Provider {
 public:
  using Provider::Provider;

  [[nodiscard]] bool speaks(Operation) const noexcept override { return false; }
  [[nodiscard]] bool has_native() const noexcept override { return false; }
  /// One of Bedrock's own API keys; without it requests are signed.
  void write_auth(Buffer& out, const Secret& key) const override {
    write_credential(out, "Authorization: Bearer ", key);
  }

  [[nodiscard]] std::optional<std::string> own_name(std::string_view model) const override {
    return bedrock_model_id(model, config_.model_map);
  }
  [[nodiscard]] bool relays(Operation operation, std::string_view model) const noexcept override {
    return operation == Operation::messages && is_anthropic_id(model);
  }
  [[nodiscard]] std::optional<dialect::Dialect> dialect() const noexcept override {
    return dialect::Dialect::converse;
  }
  [[nodiscard]] std::optional<dialect::Dialect> dialect_of(
      std::string_view model) const noexcept override {
    return is_anthropic_id(model) ? dialect::Dialect::messages : dialect::Dialect::converse;
  }
  [[nodiscard]] std::optional<dialect::Dialect> error_dialect(
      std::string_view) const noexcept override {
    return dialect::Dialect::converse;
  }
  [[nodiscard]] dialect::Target target(std::string_view model, bool stream) const override {
    return {.model = model,
            .stream = stream,
            .anthropic_version = is_anthropic_id(model) ? kVersion : std::string_view{},
            .stream_in_body = false};
  }
  void append_path(const dialect::Target& target, std::string& out) const override {
    append_model(target.model, out);
    if (is_anthropic_id(target.model)) {
      out += target.stream ? "/invoke-with-response-stream" : "/invoke";
    } else {
      out += target.stream ? "/converse-stream" : "/converse";
    }
  }
  [[nodiscard]] const dialect::EmbeddingsDialect* embeddings(
      std::string_view model) const noexcept override {
    if (model.contains("amazon.titan-embed")) { return &dialect::kTitanEmbeddings; }
    return model.contains("cohere.embed") ? &dialect::kCohereEmbeddings : nullptr;
  }
  void append_embeddings_path(std::string_view model, const dialect::EmbeddingsRequest&,
                              std::string& out) const override {
    append_model(model, out);
    out += "/invoke";
  }

  void splice_relayed(const json::RequestScan& scan, std::string_view body, std::string_view betas,
                      json::Splice& splice) const override {
    splice_anthropic_body(scan, body, kVersion, betas, StreamMember::removed, splice);
  }
  [[nodiscard]] std::unique_ptr<AnswerFilter> answer_filter(
      const dialect::Target& target, std::string_view content_type) const override {
    const std::string_view type = http::media_type(content_type);
    const bool wrapped = iequals(type, "application/vnd.amazon.eventstream");
    if (!wrapped || target.anthropic_version.empty()) { return nullptr; }
    return std::make_unique<EventStreamFilter>();
  }

  [[nodiscard]] bool needs_credential() const noexcept override { return config_.keys.empty(); }
  void authorise(const Outgoing& request, const Credential& credential,
                 Buffer& head) const override;

 private:
  static void append_model(std::string_view model, std::string& out) {
    out += "/model/";
    out += percent_encoded(model);
  }
};

void Bedrock::authorise(const Outgoing& request, const Credential& credential, Buffer& head) const {
  const std::string hash = crypto::hex(crypto::sha256(request.body).view());
  const std::string time = aws_time(request.now);
  const std::string_view token = credential.session_token.reveal();
  const std::array<AwsRequest::Header, 4> headers{{{"host", request.host},
                                                   {"x-amz-content-sha256", hash},
                                                   {"x-amz-date", time},
                                                   {"x-amz-security-token", token}}};
  const std::string authorization =
      aws_authorization({.method = request.method,
                         .target = request.target,
                         .headers = std::span(headers).first(token.empty() ? 3 : 4),
                         .payload_hash = hash,
                         .region = config_.region,
                         .service = "bedrock",
                         .time = time},
                        credential);
  http::write_field(head, "x-amz-date", time);
  http::write_field(head, "x-amz-content-sha256", hash);
  if (!token.empty()) { http::write_field(head, "x-amz-security-token", token); }
  http::write_field(head, "Authorization", authorization);
}

}  // namespace

std::string bedrock_url(const config::Provider& config) {
  if (config.region.empty()) { return {}; }
  const std::string_view partition =
      config.region.starts_with("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com";
  return "https://bedrock-runtime." + config.region + std::string(partition);
}

std::unique_ptr<Provider> make_bedrock(const config::Provider& config, BaseUrl url) {
  return std::make_unique<Bedrock>(config, std::move(url));
}

}  // namespace butter::provider
