#include "crypto/rsa_key.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

namespace butter::crypto {

void RsaKey::Free::operator()(EVP_PKEY* key) const noexcept {
  EVP_PKEY_free(key);
}

Result<RsaKey> RsaKey::from_pem(std::string_view pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bytes(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  // An encrypted key must not ask for its password at the terminal.
  const auto no_password = [](char*, int, int, void*) { return -1; };
  RsaKey key(PEM_read_bio_PrivateKey(bytes.get(), nullptr, no_password, nullptr));
  ERR_clear_error();
  if (!key.key_) { return fail(Errc::bad_config, "not a PEM private key"); }
  if (EVP_PKEY_get_base_id(key.key_.get()) != EVP_PKEY_RSA) {
    return fail(Errc::bad_config, "not an RSA key");
  }
  return key;
}

Result<std::string> RsaKey::sign(std::string_view bytes) const {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  const auto* const data = reinterpret_cast<const unsigned char*>(bytes.data());
  std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())), '\0');
  std::size_t size = signature.size();
  if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, data,
                     bytes.size()) != 1) {
    ERR_clear_error();
    return fail(Errc::internal, "the RSA key does not sign");
  }
  signature.resize(size);
  return signature;
}

}  // namespace butter::crypto
