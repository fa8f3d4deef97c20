#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "base/credential.h"
#include "base/result.h"

namespace butter::credential {

/// A request of a Source.
struct HttpRequest {
  std::string method;
  std::string url;      ///< http:// or https://, with its path and query
  std::string headers;  ///< complete lines but Host and Content-Length; may hold secrets
  std::string body{};
};

/// One way to come by a credential: HTTP requests, one after the other. Opens no socket and reads
/// no clock; the same object is used again for each renewal. Thread: one at a time.
class Source {
 public:
  using Step = std::variant<HttpRequest, Credential>;

  virtual ~Source() = default;

  /// For people: "the EC2 metadata service".
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;

  /// The first request. \param now  Unix seconds, here and below
  /// \errors unavailable: something that it needs cannot be read
  [[nodiscard]] virtual Result<HttpRequest> begin(std::int64_t now) = 0;

  /// What follows an answer: the next request, or the credential.
  /// \errors unavailable: it was refused or makes no sense; the detail repeats no secret
  [[nodiscard]] virtual Result<Step> on_answer(int status, std::string_view body,
                                               std::int64_t now) = 0;
};

}  // namespace butter::credential
