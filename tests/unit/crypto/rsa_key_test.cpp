#include "crypto/rsa_key.h"

#include <gtest/gtest.h>

#include <string>

#include "crypto/hex.h"
#include "support/rsa_key.h"

namespace butter::crypto {
namespace {

constexpr char kEcKey[] =
    "-----BEGIN EC PRIVATE KEY-----\n"
    "MHcCAQEEINyjgvM+1eDvuedXtqIzrskRXl9lg18d2rEReDZOTvBioAoGCCqGSM49\n"
    "AwEHoUQDQgAEHuZDB2ud2wdfa/cHZRZft7bzpTn4I0RChVG1Gd4EhrgQGR9Ej6yM\n"
    "lZ9JyByGM7fuSlAhaPb8rNovfXOjskvHiQ==\n"
    "-----END EC PRIVATE KEY-----\n";

// Made by `openssl dgst -sha256 -sign`: the padding of PKCS #1 v1.5 is the same each time.
TEST(RsaKey, SignsAsOpensslDoes) {
  const auto key = RsaKey::from_pem(test::kRsaKey);
  ASSERT_TRUE(key);
  const auto signature = key->sign("eyJhbGciOiJSUzI1NiJ9.payload");
  ASSERT_TRUE(signature);
  EXPECT_EQ(hex(*signature),
            "0d72e57a771e1873863fa0bd2cb981f281c079571d44142956be21d75db1510d"
            "2ebd18dff1b461b3dc8a231bdc9908abfab822fda6f32d9192610b9d988792fa"
            "484ef0ed07c2073651971b8d054160a23332703d14383f2c57c0741e84e55a7c"
            "1c07cfa2a4e847417474701d61324514d1c2e94cef3934f28d1ddd97e4038a47"
            "7e5d52103dc5590eb3843b19c8b6ac4c5f5de3ecaa09ad5fc7fe7ddc97f8db0d"
            "770ba7e0080aaae1dab80d4fe2e5637506238e4da2bdf571fe94440791223aff"
            "3a69d65f3acae60cddb04e54fd660cdd6c3676617253428bd588bba75f1c9272"
            "f689c3613223aad98b2c11b16a0ce3eb64d228c51345bcd644fdd154fbbc6313");
}

TEST(RsaKey, RefusesWhatIsNoRsaKey) {
  EXPECT_EQ(RsaKey::from_pem("").error().detail, "not a PEM private key");
  EXPECT_EQ(RsaKey::from_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
                .error()
                .detail,
            "not a PEM private key");
  EXPECT_EQ(RsaKey::from_pem(kEcKey).error().detail, "not an RSA key");
}

}  // namespace
}  // namespace butter::crypto
