#include "crypto/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <memory>
#include <new>

namespace butter::crypto {

namespace {

unsigned char* raw(Digest& digest) noexcept {
  return reinterpret_cast<unsigned char*>(digest.bytes.data());
}

/// With SHA-256 built in, only a lack of memory makes OpenSSL fail here.
void require(int success) {
  if (success != 1) { throw std::bad_alloc(); }
}

}  // namespace

Digest sha256(std::string_view bytes) {
  return sha256(std::span(&bytes, 1));
}

Digest sha256(std::span<const std::string_view> pieces) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  require(context != nullptr);
  require(EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr));
  for (const std::string_view piece : pieces) {
    require(EVP_DigestUpdate(context.get(), piece.data(), piece.size()));
  }
  Digest digest;
  require(EVP_DigestFinal_ex(context.get(), raw(digest), nullptr));
  return digest;
}

Sha1Digest sha1(std::string_view bytes) {
  Sha1Digest digest;
  require(EVP_Digest(bytes.data(), bytes.size(),
                     reinterpret_cast<unsigned char*>(digest.bytes.data()), nullptr, EVP_sha1(),
                     nullptr));
  return digest;
}

Digest hmac_sha256(std::string_view key, std::string_view bytes) {
  Digest digest;
  require(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
               reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), raw(digest),
               nullptr) != nullptr);
  return digest;
}

}  // namespace butter::crypto
