#include "support/certificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <stdexcept>

// OpenSSL's macros cast in the C way.
#pragma GCC diagnostic ignored "-Wold-style-cast"

namespace butter::support {

void FreeOpenSsl::operator()(SSL_CTX* context) const noexcept {
  SSL_CTX_free(context);
}
void FreeOpenSsl::operator()(EVP_PKEY* key) const noexcept {
  EVP_PKEY_free(key);
}
void FreeOpenSsl::operator()(X509* certificate) const noexcept {
  X509_free(certificate);
}

namespace {

void add_extension(X509* to, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  if (extension == nullptr) { throw std::runtime_error("certificate extension " + value); }
  X509_add_ext(to, extension, -1);
  X509_EXTENSION_free(extension);
}

Owned<X509> make_certificate(EVP_PKEY* key, const char* name, long serial) {
  Owned<X509> made(X509_new());
  X509_set_version(made.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
  X509_set_pubkey(made.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  return made;
}

}  // namespace

CertificateAuthority::CertificateAuthority(const char* name)
    : key_(EVP_EC_gen("P-256")), certificate_(make_certificate(key_.get(), name, 1)) {
  // As the program does: OpenSSL writes alerts to connections that are gone.
  std::signal(SIGPIPE, SIG_IGN);
  X509* const own = certificate_.get();
  X509_set_issuer_name(own, X509_get_subject_name(own));
  add_extension(own, own, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(own, own, NID_key_usage, "critical,keyCertSign");
  add_extension(own, own, NID_subject_key_identifier, "hash");
  X509_sign(own, key_.get(), EVP_sha256());

  const char* const folder = ::getenv("TMPDIR");
  file_ = std::string(folder != nullptr ? folder : "/tmp") + "/butter_ca_XXXXXX";
  std::FILE* const out = ::fdopen(::mkstemp(file_.data()), "w");
  if (out == nullptr || PEM_write_X509(out, own) != 1) { throw std::runtime_error(file_); }
  std::fclose(out);
}

CertificateAuthority::~CertificateAuthority() {
  ::unlink(file_.c_str());
}

Owned<SSL_CTX> CertificateAuthority::server(const std::string& name) const {
  const Owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
  const Owned<X509> leaf = make_certificate(key.get(), "Butter test server", 2);
  X509_set_issuer_name(leaf.get(), X509_get_subject_name(certificate_.get()));
  add_extension(leaf.get(), certificate_.get(), NID_subject_alt_name, name);
  X509_sign(leaf.get(), key_.get(), EVP_sha256());

  Owned<SSL_CTX> made(SSL_CTX_new(TLS_server_method()));
  SSL_CTX_use_certificate(made.get(), leaf.get());
  SSL_CTX_use_PrivateKey(made.get(), key.get());
  SSL_CTX_set_mode(made.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return made;
}

}  // namespace butter::support
