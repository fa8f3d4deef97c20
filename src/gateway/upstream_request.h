#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "base/buffer.h"
#include "base/credential.h"
#include "gateway/client_request.h"
#include "json/splice.h"
#include "provider/provider.h"
#include "routing/plan.h"
#include "upstream/call.h"
#include "upstream/endpoint.h"

namespace butter::gateway {

/// Where an attempt goes.
struct Destination {
  const provider::Provider& provider;
  const upstream::Endpoint& endpoint;
  routing::Attempt attempt;                ///< the key, and the provider's name for the model
  const Credential* credential = nullptr;  ///< where keys of the configuration do not serve
  std::int64_t now = 0;                    ///< Unix seconds, for signatures
};

/// The bytes of one attempt: a head of ours, and the caller's body with what must change spliced
/// in, or a translation of it. The pieces that are returned stay valid until the next call of this
/// object, as long as the request's body does not change. Keeps its memory. Thread: worker-local.
class UpstreamRequest {
 public:
  /// The caller's bytes, to the caller's path.
  [[nodiscard]] std::span<const std::string_view> relay(const ClientRequest& request,
                                                        const Destination& to);
  /// The caller's bytes, to the provider's path for the model.
  [[nodiscard]] std::span<const std::string_view> readdress(const ClientRequest& request,
                                                            const Destination& to);
  /// The same in the model's dialect. \errors bad_request: it cannot be said there
  [[nodiscard]] Result<std::span<const std::string_view>> translate(
      const dialect::Conversation& conversation, const ClientRequest& request,
      const Destination& to);
  /// The body of translate() alone, for a provider without a network.
  [[nodiscard]] Result<std::string_view> translate_body(const dialect::Conversation& conversation,
                                                        const provider::Provider& provider,
                                                        const dialect::Target& target);
  /// Embeddings in the model's own shape. \errors bad_request: it cannot be said there
  [[nodiscard]] Result<std::span<const std::string_view>> embed(
      const dialect::EmbeddingsRequest& embeddings, const ClientRequest& request,
      const Destination& to);

  /// Usage was asked for that the caller did not ask for: the event that tells it is not for him.
  [[nodiscard]] bool asks_for_usage() const noexcept { return asks_for_usage_; }
  /// The rest of the body goes upstream in chunks, since its length is not known.
  [[nodiscard]] bool chunked() const noexcept { return chunked_; }

  [[nodiscard]] Buffer& head() noexcept { return head_; }  ///< to lend it memory
  [[nodiscard]] Buffer& body() noexcept { return body_; }

 private:
  struct Line {
    std::string_view method, path, query;
    bool known_size = true;
    std::uint64_t size = 0;
    bool has_body = true;
    bool relayed = true;
    std::span<const std::string_view> body{};  ///< for signatures
  };
  void splice_body(const ClientRequest& request, const Destination& to);
  [[nodiscard]] std::span<const std::string_view> to_own_path(const ClientRequest& request,
                                                              const Destination& to,
                                                              std::size_t body_pieces);
  void write_head(const ClientRequest& request, const Destination& to, const Line& line);
  void write_client_headers(const ClientRequest& request, const provider::Provider& provider,
                            bool typed);

  Buffer head_;
  Buffer body_;  ///< translated
  json::Splice splice_;
  std::string path_;        ///< scratch
  std::string model_json_;  ///< scratch
  bool chunked_ = false;
  bool asks_for_usage_ = false;
  std::array<std::string_view, upstream::Call::kMostPieces> pieces_;
};

}  // namespace butter::gateway
