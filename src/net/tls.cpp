#include "net/tls.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <climits>
#include <cstring>

// OpenSSL's macros cast in the C way.
#pragma GCC diagnostic ignored "-Wold-style-cast"

namespace butter::net {

namespace {

std::string last_error() {
  std::string text;
  if (const unsigned long code = ERR_peek_last_error(); code != 0) {
    const char* const reason = ERR_reason_error_string(code);
    text = reason != nullptr ? reason : "TLS error";
  }
  ERR_clear_error();
  return text;
}

bool is_address(const std::string& host) {
  unsigned char bytes[16];
  return ::inet_pton(AF_INET, host.c_str(), bytes) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), bytes) == 1;
}

}  // namespace

Result<std::shared_ptr<TlsContext>> TlsContext::make(const Options& options) {
  std::shared_ptr<TlsContext> made(new TlsContext());
  made->context_ = SSL_CTX_new(TLS_client_method());
  if (made->context_ == nullptr) { return fail(Errc::internal, "TLS: " + last_error()); }
  SSL_CTX* const context = made->context_;
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, TlsSession::keep_session);
  made->verify_ = !options.insecure_skip_verify;
  SSL_CTX_set_verify(context, made->verify_ ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  // The hashed folder is read lazily: 64 KiB of memory instead of 1.5 MB for the bundle file.
  const int loaded = options.ca_file.empty()
                         ? SSL_CTX_set_default_verify_dir(context)
                         : SSL_CTX_load_verify_file(context, options.ca_file.c_str());
  if (loaded != 1) {
    return fail(Errc::bad_config,
                "cannot read certificates from " + options.ca_file + ": " + last_error());
  }
  static const unsigned char kHttp11[] = "\x08http/1.1";
  SSL_CTX_set_alpn_protos(context, kHttp11, sizeof kHttp11 - 1);
  return made;
}

TlsContext::~TlsContext() {
  SSL_CTX_free(context_);
}

TlsTicket::~TlsTicket() {
  SSL_SESSION_free(session_);
}

TlsSession::TlsSession(const TlsContext& context, int fd, const std::string& host,
                       TlsTicket& ticket)
    : ssl_(SSL_new(context.context_)), ticket_(ticket) {
  if (ssl_ == nullptr) {
    failure_ = "TLS: " + last_error();
    return;
  }
  SSL_set_fd(ssl_, fd);
  SSL_set_connect_state(ssl_);
  SSL_set_app_data(ssl_, this);
  if (is_address(host)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_), host.c_str());
  } else {
    SSL_set_tlsext_host_name(ssl_, host.c_str());
    SSL_set_hostflags(ssl_, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    SSL_set1_host(ssl_, host.c_str());
  }
  if (ticket.session_ != nullptr) { SSL_set_session(ssl_, ticket.session_); }
}

TlsSession::~TlsSession() {
  if (ssl_ == nullptr) { return; }
  // Without a shutdown OpenSSL marks the session as not resumable. Quiet: nothing is sent.
  SSL_set_quiet_shutdown(ssl_, 1);
  SSL_shutdown(ssl_);
  SSL_free(ssl_);
  ERR_clear_error();
}

int TlsSession::keep_session(SSL* ssl, SSL_SESSION* session) {
  auto* const self = static_cast<TlsSession*>(SSL_get_app_data(ssl));
  SSL_SESSION_free(self->ticket_.session_);
  self->ticket_.session_ = session;
  return 1;  // the reference is ours now
}

IoStatus TlsSession::handshake() {
  if (ssl_ == nullptr) { return IoStatus::error; }
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_);
  if (result == 1) { return IoStatus::ok; }
  const int error = SSL_get_error(ssl_, result);
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) { return IoStatus::again; }
  const long verdict = SSL_get_verify_result(ssl_);
  failure_ = last_error();
  if (failure_.empty()) { failure_ = "the connection was closed during the TLS handshake"; }
  if (verdict != X509_V_OK) {
    failure_ += std::string(": ") + X509_verify_cert_error_string(verdict);
  }
  return IoStatus::error;
}

IoResult TlsSession::read(char* into, std::size_t room) {
  ERR_clear_error();
  std::size_t got = 0;
  const int result = SSL_read_ex(ssl_, into, room, &got);
  if (result == 1) { return {.bytes = got, .status = IoStatus::ok, .drained = false}; }
  switch (SSL_get_error(ssl_, result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE: return {.status = IoStatus::again, .drained = true};
    case SSL_ERROR_ZERO_RETURN: return {.status = IoStatus::eof, .drained = true};
    default: ERR_clear_error(); return {.status = IoStatus::error, .drained = true};
  }
}

IoResult TlsSession::write(const char* bytes, std::size_t size) {
  ERR_clear_error();
  std::size_t put = 0;
  const int result = SSL_write_ex(ssl_, bytes, size, &put);
  if (result == 1) { return {.bytes = put, .status = IoStatus::ok}; }
  switch (SSL_get_error(ssl_, result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE: return {.status = IoStatus::again};
    default: ERR_clear_error(); return {.status = IoStatus::error};
  }
}

std::string TlsSession::failure() const {
  return failure_;
}

bool TlsSession::resumed() const {
  return ssl_ != nullptr && SSL_session_reused(ssl_) == 1;
}

}  // namespace butter::net
