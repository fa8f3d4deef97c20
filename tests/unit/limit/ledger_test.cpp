#include "limit/ledger.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace butter::limit {
namespace {

const TimePoint kStart{100h};

Claim claim(Scope scope, std::string key, std::uint32_t most, Unit unit = Unit::requests,
            std::uint64_t units = 1) {
  return {.scope = scope,
          .unit = unit,
          .key = std::move(key),
          .rate = {.per_minute = most, .burst = most},
          .units = units};
}

std::uint64_t left(Ledger& ledger, Claim of) {
  of.units = 0;
  static_cast<void>(ledger.take({&of, 1}, kStart));
  return of.verdict.remaining;
}

TEST(Ledger, ScopesUnitsAndKeysAreApart) {
  Ledger ledger;
  std::vector<Claim> all;
  for (const Scope scope :
       {Scope::everyone, Scope::client, Scope::app_key, Scope::provider, Scope::model}) {
    for (const Unit unit : {Unit::requests, Unit::tokens}) {
      all.push_back(claim(scope, scope == Scope::everyone ? "" : "a", 1, unit));
      if (scope != Scope::everyone) { all.push_back(claim(scope, "b", 1, unit)); }
    }
  }
  EXPECT_EQ(ledger.take(all, kStart), nullptr);
  for (Claim& each : all) { EXPECT_EQ(ledger.take({&each, 1}, kStart), &each); }
}

TEST(Ledger, GrantsAllOrNothing) {
  Ledger ledger;
  std::vector<Claim> claims{claim(Scope::provider, "p", 5), claim(Scope::model, "m", 1)};
  EXPECT_EQ(ledger.take(claims, kStart), nullptr);
  EXPECT_EQ(ledger.take(claims, kStart), &claims[1]);
  EXPECT_EQ(claims[1].verdict.retry_after, 60s);
  EXPECT_EQ(left(ledger, claims[0]), 4U);
}

TEST(Ledger, SettlesWhatWasGranted) {
  Ledger ledger;
  for (const Scope scope : {Scope::everyone, Scope::app_key}) {
    Claim tokens = claim(scope, "", 1000, Unit::tokens, 600);
    EXPECT_EQ(ledger.take({&tokens, 1}, kStart), nullptr);
    ledger.settle(tokens, 100, kStart);
    EXPECT_EQ(left(ledger, tokens), 900U);
  }
}

TEST(Ledger, ManyThreadsNeverGetMore) {
  Ledger ledger;
  std::atomic<int> granted{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        std::vector<Claim> claims{claim(Scope::everyone, "", 1000),
                                  claim(Scope::provider, i % 2 == 0 ? "p" : "q", 300)};
        if (ledger.take(claims, kStart) == nullptr) { ++granted; }
      }
    });
  }
  for (std::thread& thread : threads) { thread.join(); }
  EXPECT_EQ(granted, 600);
  EXPECT_EQ(left(ledger, claim(Scope::everyone, "", 1000)), 400U);
}

}  // namespace
}  // namespace butter::limit
