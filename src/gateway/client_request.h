#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/buffer.h"
#include "base/result.h"
#include "dialect/codec.h"
#include "dialect/embeddings.h"
#include "gateway/path.h"
#include "http/head.h"
#include "http/multipart.h"
#include "json/scan.h"
#include "provider/operation.h"

namespace butter::gateway {

/// What a client asks for: its head, and of its body what routing must know. Read once, sent as
/// often as there are attempts. Thread: worker-local.
struct ClientRequest {
  enum class BodyKind : std::uint8_t {
    none,
    json,       ///< read whole, looked into
    whole,      ///< read whole for plugins, and passed on as it is
    multipart,  ///< looked into until `model` is found, then passed on as it comes
    opaque,     ///< passed on as it comes
  };

  std::string method;
  std::string path;  ///< as the client wrote it, without query: for the record
  std::string rest;  ///< what follows the base URL upstream
  std::string query;
  std::string id;  ///< the client's x-request-id, or one of ours
  bool client_sent_id = false;
  std::string app_key;  ///< of the client's header; never logged whole
  bool native = false;
  bool is_head = false;
  provider::Operation operation = provider::Operation::other;
  BodyKind body_kind = BodyKind::none;
  std::optional<std::uint64_t> content_length;
  bool body_ended = false;
  bool body_streams = false;  ///< the rest of the body is passed on as it comes
  std::uint64_t bytes_in = 0;
  Buffer forward;      ///< header lines that go upstream
  Buffer credentials;  ///< header lines that go upstream in passthrough mode only
  Buffer body;
  std::optional<http::MultipartScanner> multipart;
  http::MultipartScanner::State form = http::MultipartScanner::State::reading;
  std::string model;          ///< the caller's
  std::string provider_name;  ///< of the body's `provider`, or of /native/
  bool stream_wanted = false;
  json::RequestScan scan;

  /// Begins with the head; `forward`, `credentials` and `body` have their memory already.
  void begin(const http::RequestHead& head, const Path& to);
  /// Lets go of what only this request needed.
  void forget() noexcept;
  void add_body(std::string_view piece);
  /// Enough of the body is here to choose a provider, though not all of it.
  [[nodiscard]] bool ready_to_route() const;
  /// Reads what routing must know. \errors bad_request
  [[nodiscard]] Result<void> read(json::RequestScanner& scanner);
  /// Another body than the client's, as a plugin wants it; to be read() anew.
  void replace_body(std::string_view json);
  /// A field that goes upstream, as a plugin wants it; a credential only in passthrough mode.
  void set_field(std::string_view name, std::string_view value);
  /// The value of a field of the header lines that go upstream.
  [[nodiscard]] std::optional<std::string_view> forwarded(std::string_view name) const;
  [[nodiscard]] bool forwards(std::string_view name) const { return forwarded(name).has_value(); }

  /// The caller's dialect, where it can be translated; nullptr = only relayed.
  [[nodiscard]] const dialect::CallerDialect* dialect() const;
  /// The request in the words of no dialect; read when it is first asked for. \errors bad_request
  [[nodiscard]] Result<const dialect::Conversation*> conversation();
  /// The same of a request for embeddings.
  [[nodiscard]] Result<const dialect::EmbeddingsRequest*> embeddings();

 private:
  [[nodiscard]] Result<void> read_json(json::RequestScanner& scanner);

  std::unique_ptr<dialect::Conversation> conversation_;
  std::unique_ptr<dialect::EmbeddingsRequest> embeddings_;
};

}  // namespace butter::gateway
