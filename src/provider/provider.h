#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/buffer.h"
#include "base/result.h"
#include "base/secret.h"
#include "config/config.h"
#include "provider/operation.h"

namespace butter::provider {

/// A parsed base URL.
struct BaseUrl {
  bool tls = false;
  std::string host;         ///< without brackets
  std::uint16_t port = 0;
  std::string path;         ///< "" or "/v1": no trailing slash
  std::string host_header;  ///< what `Host:` says: brackets for IPv6, port when not the default

  /// \errors bad_config: what is wrong with it.
  [[nodiscard]] static Result<BaseUrl> parse(std::string_view url);
};

/// What an upstream needs said differently from the caller. Pure: same arguments, same bytes.
/// Thread: any (immutable).
class Provider {
 public:
  explicit Provider(const config::Provider& config, BaseUrl url);
  virtual ~Provider() = default;

  [[nodiscard]] const config::Provider& config() const noexcept { return config_; }
  [[nodiscard]] const BaseUrl& url() const noexcept { return url_; }

  /// Whether the upstream speaks this operation's dialect.
  [[nodiscard]] virtual bool speaks(Operation operation) const noexcept = 0;
  /// Whether /native/<name>/ works.
  [[nodiscard]] virtual bool has_native() const noexcept { return true; }

  /// Appends the request target: base path, then `path` ("/chat/completions", raw, still
  /// percent-encoded), then `query` ("" or without '?').
  virtual void write_target(Buffer& out, std::string_view path, std::string_view query) const;

  /// Appends the credential's header lines, CRLF included. Nothing when `key` is empty.
  virtual void write_auth(Buffer& out, const Secret& key) const = 0;

  /// Header names (lower case) that carry credentials in this dialect: dropped from the caller's
  /// head in stored mode, kept in passthrough mode.
  [[nodiscard]] static bool is_credential(std::string_view header_name) noexcept;

 protected:
  const config::Provider& config_;  ///< in the Snapshot, which owns this provider
  BaseUrl url_;
};

/// The provider for a configuration: the whole list of types stands in registry.cpp; what is not
/// there does not exist. \errors bad_config with what is wrong with base_url.
[[nodiscard]] Result<std::unique_ptr<Provider>> make_provider(const config::Provider& config);

}  // namespace butter::provider
