#include "wasm/header_name.h"

#include <gtest/gtest.h>

namespace butter::wasm {
namespace {

std::string canonical(std::string_view name) {
  std::string out;
  append_canonical(out, name);
  return out;
}

TEST(CanonicalName, CapitalsBeginTheWords) {
  EXPECT_EQ(canonical("x-foo-id"), "X-Foo-Id");
  EXPECT_EQ(canonical("CONTENT-TYPE"), "Content-Type");
  EXPECT_EQ(canonical("-a--b"), "-A--B");
  EXPECT_EQ(canonical("x_y.z-1a"), "X_y.z-1a");
}

TEST(CanonicalName, WhatIsNoTokenStays) {
  EXPECT_EQ(canonical("x foo"), "x foo");
  EXPECT_EQ(canonical("n\xc3\xbc"), "n\xc3\xbc");
  EXPECT_EQ(canonical(""), "");
}

TEST(SecretHeader, CredentialsAndCookies) {
  for (const char* name : {"Authorization", "proxy-authorization", "Cookie", "X-API-Key", "api-key",
                           "x-goog-api-key", "X-Butter-App-Key", "X-Amz-Security-Token"}) {
    EXPECT_TRUE(is_secret(name, "")) << name;
  }
  EXPECT_FALSE(is_secret("content-type", ""));
  EXPECT_FALSE(is_secret("x-request-id", ""));
}

TEST(SecretHeader, TheConfiguredOneToo) {
  EXPECT_TRUE(is_secret("x-our-key", "X-Our-Key"));
  EXPECT_TRUE(is_secret("x-butter-app-key", "X-Our-Key"));
  EXPECT_FALSE(is_secret("x-our-key", ""));
}

TEST(SettableHeader, NoFramingAndNoInjection) {
  EXPECT_TRUE(may_be_set("x-plugin"));
  for (const char* name : {"", "a b", "a:b", "a\r\nb", "Content-Length", "transfer-encoding",
                           "Host", "connection", "te", "Upgrade"}) {
    EXPECT_FALSE(may_be_set(name)) << name;
  }
  EXPECT_TRUE(is_field_value("a\tb \xc3\xbc"));
  EXPECT_TRUE(is_field_value(""));
  EXPECT_FALSE(is_field_value("a\r\nb: c"));
  EXPECT_FALSE(is_field_value("\x7f"));
  EXPECT_FALSE(is_field_value(std::string_view("a\0b", 3)));
}

}  // namespace
}  // namespace butter::wasm
