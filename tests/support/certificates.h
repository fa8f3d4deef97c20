#pragma once

#include <memory>
#include <string>

typedef struct ssl_ctx_st SSL_CTX;
typedef struct evp_pkey_st EVP_PKEY;
typedef struct x509_st X509;

namespace butter::support {

struct FreeOpenSsl {
  void operator()(SSL_CTX* context) const noexcept;
  void operator()(EVP_PKEY* key) const noexcept;
  void operator()(X509* certificate) const noexcept;
};
template <class T>
using Owned = std::unique_ptr<T, FreeOpenSsl>;

/// A certificate authority that lives as long as the test. Thread: any one at a time.
class CertificateAuthority {
 public:
  explicit CertificateAuthority(const char* name = "Butter test authority");
  ~CertificateAuthority();
  CertificateAuthority(const CertificateAuthority&) = delete;
  CertificateAuthority& operator=(const CertificateAuthority&) = delete;

  /// A PEM file with the authority's certificate.
  [[nodiscard]] const std::string& file() const noexcept { return file_; }
  /// A TLS server for one name.
  /// \param name  a subjectAltName as OpenSSL writes it: "DNS:api.test", "IP:127.0.0.1"
  [[nodiscard]] Owned<SSL_CTX> server(const std::string& name) const;

 private:
  Owned<EVP_PKEY> key_;
  Owned<X509> certificate_;
  std::string file_;
};

}  // namespace butter::support
