#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "credential/source.h"
#include "net/loop.h"
#include "net/resolver.h"
#include "upstream/call.h"
#include "upstream/pool.h"

namespace butter::credential {

/// Carries out a Source's requests, one renewal at a time, without a proxy. Thread: the loop's.
class Fetch final : private upstream::CallSink {
 public:
  using Clock = std::function<std::int64_t()>;  ///< Unix seconds
  using Done = std::function<void(Result<Credential>)>;

  /// \param source  outlives it
  Fetch(net::Loop& loop, net::Resolver& resolver, Source& source, Clock clock);
  ~Fetch();

  /// `done` is called once, never from inside; not when the Fetch is destroyed before.
  void start(Done done);

 private:
  void send(const HttpRequest& request);
  void advance();
  void finish(Result<Credential> result);

  void on_head(const http::ResponseHead& head) override { status_ = head.status; }
  void on_body(std::span<const std::string_view> pieces) override;
  void on_end() override { loop_.arm(advance_, Duration::zero()); }
  void on_failure(Error error) override;
  void on_flush() override {}

  net::Loop& loop_;
  net::Resolver& resolver_;
  Source& source_;
  Clock clock_;
  Done done_;
  std::string request_;  ///< head and body of the request under way; holds secrets
  std::vector<std::unique_ptr<upstream::Pool>> pools_;  ///< of this renewal
  upstream::Call call_;
  int status_ = 0;
  std::string body_;
  std::optional<Error> failure_;
  net::Timer advance_;  ///< so that no connection is on the stack
};

}  // namespace butter::credential
