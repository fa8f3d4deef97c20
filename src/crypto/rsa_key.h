#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

typedef struct evp_pkey_st EVP_PKEY;

namespace butter::crypto {

/// A private RSA key that signs. Thread: any (immutable).
class RsaKey {
 public:
  /// \param pem  "-----BEGIN PRIVATE KEY-----" or "-----BEGIN RSA PRIVATE KEY-----", unencrypted
  /// \errors bad_config: no such key, which the detail does not repeat
  [[nodiscard]] static Result<RsaKey> from_pem(std::string_view pem);

  /// RS256: RSASSA-PKCS1-v1_5 with SHA-256, as raw bytes. \source RFC 7518, section 3.3
  [[nodiscard]] Result<std::string> sign(std::string_view bytes) const;

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const noexcept;
  };
  explicit RsaKey(EVP_PKEY* key) noexcept : key_(key) {}

  std::unique_ptr<EVP_PKEY, Free> key_;
};

}  // namespace butter::crypto
