#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/buffer.h"
#include "base/result.h"
#include "base/secret.h"
#include "config/config.h"
#include "dialect/codec.h"
#include "dialect/embeddings.h"
#include "provider/base_url.h"
#include "provider/operation.h"

namespace butter::provider {

/// A header that an upstream insists on and that the caller may choose.
struct DefaultHeader {
  std::string_view name;  ///< lower case
  std::string_view value;
};

/// What an upstream needs said differently from the caller. Pure: same arguments, same bytes.
/// Thread: any (immutable).
class Provider {
 public:
  /// \param config  outlives the provider: in the Snapshot, which owns both
  Provider(const config::Provider& config, BaseUrl url);
  virtual ~Provider() = default;
  Provider(const Provider&) = delete;
  Provider& operator=(const Provider&) = delete;

  [[nodiscard]] const config::Provider& config() const noexcept { return config_; }
  [[nodiscard]] const BaseUrl& url() const noexcept { return url_; }

  /// Whether the upstream speaks this operation's dialect: then the caller's bytes are relayed.
  [[nodiscard]] virtual bool speaks(Operation operation) const noexcept = 0;

  /// The dialect that requests are translated into when the upstream does not speak the caller's.
  [[nodiscard]] virtual std::optional<dialect::Dialect> dialect() const noexcept {
    return std::nullopt;
  }
  /// Where a translated request goes, as far as its body depends on it.
  [[nodiscard]] virtual dialect::Target target(std::string_view model, bool stream) const {
    return {.model = model, .stream = stream};
  }
  /// The path below the base URL that a translated request goes to, percent-encoded, with its query
  /// ("/v1beta/models/x:streamGenerateContent?alt=sse").
  virtual void append_path(const dialect::Target&, std::string&) const {}
  /// How the upstream is asked for embeddings when it does not speak OpenAI's; nullptr: it has
  /// none.
  [[nodiscard]] virtual const dialect::EmbeddingsDialect* embeddings() const noexcept {
    return nullptr;
  }
  /// The path below the base URL that such a request goes to, as in append_path().
  virtual void append_embeddings_path(std::string_view /*model*/, const dialect::EmbeddingsRequest&,
                                      std::string&) const {}
  /// Whether /native/<name>/ works.
  [[nodiscard]] virtual bool has_native() const noexcept { return true; }

  /// Appends the request target: base path, then `path` ("/chat/completions", raw, still
  /// percent-encoded), then `query` ("" or without '?').
  virtual void write_target(Buffer& out, std::string_view path, std::string_view query) const;

  /// Appends the credential's header lines, CRLF included. Nothing when `key` is empty.
  virtual void write_auth(Buffer& out, const Secret& key) const = 0;

  /// Headers to send when the caller's head does not have them; the caller's own are relayed.
  [[nodiscard]] virtual std::span<const DefaultHeader> default_headers() const noexcept {
    return {};
  }

  /// Header names (any case) that carry credentials in this dialect: dropped from the caller's
  /// head in stored mode, kept in passthrough mode.
  [[nodiscard]] static bool is_credential(std::string_view header_name) noexcept;

 protected:
  const config::Provider& config_;
  BaseUrl url_;
};

/// The provider for a configuration: the whole list of types stands in registry.cpp; what is not
/// there does not exist. Types that need no base_url (bedrock, mock) may have an empty one.
/// \errors bad_config with what is wrong with base_url.
[[nodiscard]] Result<std::unique_ptr<Provider>> make_provider(const config::Provider& config);

}  // namespace butter::provider
