#include "credential/store.h"

#include <gtest/gtest.h>

namespace butter::credential {
namespace {

Credential expiring(std::int64_t at) {
  return {.key_id = "K" + std::to_string(at),
          .secret = Secret("s"),
          .session_token = {},
          .expires = at};
}

TEST(Store, SaysWhyThereIsNone) {
  const auto store = std::make_shared<Store>("not asked yet");
  Reader reader(store);
  EXPECT_EQ(reader.get(0).error().code, Errc::unavailable);
  EXPECT_EQ(reader.get(0).error().detail, "not asked yet");
  store->put_failure("refused");
  EXPECT_EQ(reader.get(0).error().detail, "refused");
}

TEST(Store, ReadersSeeWhatIsNew) {
  const auto store = std::make_shared<Store>("");
  Reader reader(store);
  store->put(expiring(100));
  EXPECT_EQ((*reader.get(50))->key_id, "K100");
  store->put(expiring(200));
  EXPECT_EQ((*reader.get(50))->key_id, "K200");
  store->put(expiring(0));
  EXPECT_EQ((*reader.get(1'000'000))->key_id, "K0");
}

TEST(Store, WhatHasExpiredIsNotGiven) {
  const auto store = std::make_shared<Store>("");
  Reader reader(store);
  store->put(expiring(100));
  EXPECT_TRUE(reader.get(99));
  EXPECT_EQ(reader.get(100).error().detail, "the credential has expired and is not renewed yet");
}

// A failure to renew tells nobody as long as the old one lasts.
TEST(Store, AFailureLeavesWhatIsThere) {
  const auto store = std::make_shared<Store>("");
  Reader reader(store);
  store->put(expiring(100));
  store->put_failure("status 500");
  EXPECT_EQ((*reader.get(99))->key_id, "K100");
  EXPECT_EQ(reader.get(100).error().detail, "status 500");
}

}  // namespace
}  // namespace butter::credential
