#pragma once

#include <memory>
#include <string>

#include "base/result.h"

typedef struct ssl_ctx_st SSL_CTX;
typedef struct ssl_st SSL;
typedef struct ssl_session_st SSL_SESSION;

namespace butter::net {

/// Trust and settings of TLS clients: TLS 1.2 and 1.3, certificates verified against the system's
/// hashed folder (or one PEM file) and the server's name. Thread: any (immutable once made; OpenSSL
/// locks inside).
class TlsContext {
 public:
  struct Options {
    std::string ca_file;  ///< PEM; "" = the system's trust
    bool insecure_skip_verify = false;
  };
  /// \errors bad_config: the file holds no certificate that can be read.
  [[nodiscard]] static Result<std::shared_ptr<TlsContext>> make(const Options& options);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

 private:
  friend class TlsSession;
  TlsContext() = default;
  SSL_CTX* context_ = nullptr;
  bool verify_ = true;
};

/// The last TLS session of one upstream, for resumption. Thread: worker-local.
class TlsTicket {
 public:
  TlsTicket() = default;
  ~TlsTicket();
  TlsTicket(const TlsTicket&) = delete;
  TlsTicket& operator=(const TlsTicket&) = delete;

 private:
  friend class TlsSession;
  SSL_SESSION* session_ = nullptr;
};

/// How an operation on a non-blocking stream ended.
enum class IoStatus : std::uint8_t {
  ok,
  again,  ///< nothing now: wait for on_io
  eof,    ///< the peer ended the stream properly
  error,  ///< reset, TLS failure, or a TLS stream cut without close_notify
};

struct IoResult {
  std::size_t bytes = 0;
  IoStatus status = IoStatus::ok;
  bool drained = false;  ///< reads: the socket has no more for now
};

/// One TLS client session over a descriptor. Thread: worker-local.
class TlsSession {
 public:
  /// \param host    for SNI and the certificate; an IP address is matched as one
  /// \param ticket  outlives the session; offers and keeps the last session
  TlsSession(const TlsContext& context, int fd, const std::string& host, TlsTicket& ticket);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  [[nodiscard]] IoStatus handshake();
  [[nodiscard]] IoResult read(char* into, std::size_t room);
  [[nodiscard]] IoResult write(const char* bytes, std::size_t size);
  /// Why the handshake failed, for people: "certificate verify failed: unable to get local issuer
  /// certificate".
  [[nodiscard]] std::string failure() const;
  [[nodiscard]] bool resumed() const;

 private:
  friend class TlsContext;
  static int keep_session(SSL* ssl, SSL_SESSION* session);
  SSL* ssl_;
  TlsTicket& ticket_;
  std::string failure_;
};

}  // namespace butter::net
