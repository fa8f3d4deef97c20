#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/loop.h"
#include "net/resolver.h"
#include "net/stream.h"

namespace butter::net {

/// The way to a connected stream: looks a name up, tries its addresses one after another, and puts
/// TLS on top when that is asked for. Used again; destroying it gives up. Thread: worker-local.
class Dialer final : public Handler {
 public:
  struct Target {
    std::string host;
    std::uint16_t port = 0;
    std::shared_ptr<const TlsContext> tls;  ///< nullptr = plain
  };
  /// The stream, which nobody watches. \errors upstream_connect: what failed, and where;
  /// overloaded: this process has no descriptor or no memory left, which says nothing of the target
  using Done = std::move_only_function<void(Result<Stream>)>;

  Dialer(Loop& loop, Resolver& resolver) noexcept : loop_(loop), resolver_(resolver) {}
  ~Dialer() override { cancel(); }

  /// Gives up what it is at, and begins anew. `done` may be called from inside, and may dial again.
  /// \param ticket  of TLS; outlives the stream
  void dial(Target target, TlsTicket& ticket, Done done);
  /// The same with a stream that leads to the target already, through a proxy, and with TLS.
  /// \param stream  plain; nobody watches it
  void secure(Stream stream, Target target, TlsTicket& ticket, Done done);
  void cancel() noexcept;

  void on_io(Ready ready) override;

 private:
  void begin(Target target, TlsTicket& ticket, Done done);
  void on_resolved(const Resolver::Answer& answer);
  void try_next_address();
  void on_connected();
  void start_tls();
  void continue_tls();
  void finish(Result<Stream> result);

  Loop& loop_;
  Resolver& resolver_;
  Target target_;
  TlsTicket* ticket_ = nullptr;
  Done done_;
  Stream stream_;
  std::vector<Address> addresses_;
  std::size_t next_address_ = 0;
  std::shared_ptr<bool> alive_;  ///< for the resolver's answer, which cannot be taken back
};

}  // namespace butter::net
