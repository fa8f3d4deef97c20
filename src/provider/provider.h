#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/buffer.h"
#include "base/credential.h"
#include "base/result.h"
#include "base/secret.h"
#include "config/config.h"
#include "dialect/codec.h"
#include "dialect/embeddings.h"
#include "json/scan.h"
#include "json/splice.h"
#include "provider/answer_filter.h"
#include "provider/base_url.h"
#include "provider/operation.h"
#include "provider/outgoing.h"

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

  // Providers that serve models of several makers, each with its own dialect, and that name models
  // in their own way. All but own_name() take the name that it gave.

  /// The provider's name for a model where a rule makes it another one; nullopt = the same.
  [[nodiscard]] virtual std::optional<std::string> own_name(std::string_view) const {
    return std::nullopt;
  }
  /// dialect(), for one model.
  [[nodiscard]] virtual std::optional<dialect::Dialect> dialect_of(
      std::string_view) const noexcept {
    return dialect();
  }
  /// The dialect that error answers are written in where it is not dialect_of(model).
  [[nodiscard]] virtual std::optional<dialect::Dialect> error_dialect(
      std::string_view model) const noexcept {
    return dialect_of(model);
  }
  /// Whether the caller's body goes to the model as it is but for splice_relayed(), to
  /// append_path() like a translated one; its answer is the dialect's own, behind answer_filter().
  [[nodiscard]] virtual bool relays(Operation, std::string_view) const noexcept { return false; }
  /// What changes in a relayed body; the model's name and `provider` are among it.
  /// \param betas  the value of the caller's anthropic-beta header, "" = none
  virtual void splice_relayed(const json::RequestScan&, std::string_view /*body*/,
                              std::string_view /*betas*/, json::Splice&) const {}
  /// What takes the framing off an answer, relayed or translated; nullptr when there is none.
  [[nodiscard]] virtual std::unique_ptr<AnswerFilter> answer_filter(
      const dialect::Target&, std::string_view /*content_type*/) const {
    return nullptr;
  }
  /// How a model is asked for embeddings; nullptr where it is not.
  [[nodiscard]] virtual const dialect::EmbeddingsDialect* embeddings(
      std::string_view) const noexcept {
    return nullptr;
  }
  /// The path below the base URL that such a request goes to, as in append_path().
  virtual void append_embeddings_path(std::string_view /*model*/, const dialect::EmbeddingsRequest&,
                                      std::string&) const {}

  /// Whether requests need a Credential that is fetched: keys of the configuration do not serve.
  [[nodiscard]] virtual bool needs_credential() const noexcept { return false; }
  /// Appends the header lines that prove who sends the request. Nothing of `request` may change
  /// after it.
  virtual void authorise(const Outgoing&, const Credential&, Buffer&) const {}

  /// Whether a chat stream tells its usage when `stream_options.include_usage` asks for it.
  [[nodiscard]] virtual bool streams_usage() const noexcept { return false; }

  /// Whether /native/<name>/ works.
  [[nodiscard]] virtual bool has_native() const noexcept { return true; }

  /// Appends the request target for a model ("" where the request has none): base path, then `path`
  /// ("/chat/completions", raw, still percent-encoded), then `query` ("" or without '?').
  virtual void write_target(Buffer& out, std::string_view model, std::string_view path,
                            std::string_view query) const;

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
