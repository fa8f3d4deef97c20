#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "base/buffer.h"
#include "gateway/client_request.h"
#include "json/splice.h"
#include "provider/provider.h"
#include "routing/plan.h"
#include "upstream/call.h"
#include "upstream/endpoint.h"

namespace butter::gateway {

/// The bytes of one attempt: a head of ours, and the caller's body with what must change spliced
/// in, or a translation of it. Keeps its memory. Thread: worker-local.
class UpstreamRequest {
 public:
  /// Relays the caller's bytes. The pieces stay valid until the next call of this object, as long
  /// as the request's body does not change.
  [[nodiscard]] std::span<const std::string_view> relay(const ClientRequest& request,
                                                        const provider::Provider& provider,
                                                        const upstream::Endpoint& endpoint,
                                                        const routing::Attempt& attempt);

  /// Says the same in the provider's dialect. \errors bad_request: it cannot be said there
  [[nodiscard]] Result<std::span<const std::string_view>> translate(
      const dialect::Conversation& conversation, const ClientRequest& request,
      const provider::Provider& provider, const upstream::Endpoint& endpoint,
      const routing::Attempt& attempt);

  /// The rest of the body goes upstream in chunks, since its length is not known.
  [[nodiscard]] bool chunked() const noexcept { return chunked_; }

  [[nodiscard]] Buffer& head() noexcept { return head_; }  ///< to lend it memory
  [[nodiscard]] Buffer& body() noexcept { return body_; }

 private:
  struct Target {
    std::string_view method, path, query;
    bool known_size = true;
    std::uint64_t size = 0;
    bool has_body = true;
    bool relayed = true;
  };
  void splice_body(const ClientRequest& request, const routing::Attempt& attempt);
  void write_head(const ClientRequest& request, const provider::Provider& provider,
                  const upstream::Endpoint& endpoint, const routing::Attempt& attempt,
                  const Target& target);
  void write_client_headers(const ClientRequest& request, const provider::Provider& provider,
                            bool typed);

  Buffer head_;
  Buffer body_;  ///< translated
  json::Splice splice_;
  std::string path_;        ///< scratch
  std::string model_json_;  ///< scratch
  bool chunked_ = false;
  std::array<std::string_view, upstream::Call::kMostPieces> pieces_;
};

}  // namespace butter::gateway
