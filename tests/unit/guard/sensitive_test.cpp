#include "guard/sensitive.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace butter::guard {
namespace {

constexpr Redaction kEverything{.email = true, .card = true, .iban = true, .key = true};

std::string first(std::string_view text, std::size_t from = 0, Redaction kinds = kEverything) {
  const auto place = Sensitive(kinds).next(text, from, Sensitive::Rest::none);
  return std::string(place.label) + ' ' +
         std::string(text.substr(place.begin, place.end - place.begin));
}

/// Where what is not decided begins, when more of the text may come.
std::size_t decided(std::string_view text) {
  Sensitive::Place place;
  do {
    place = Sensitive(kEverything).next(text, place.end, Sensitive::Rest::follows);
  } while (!place.label.empty());
  EXPECT_EQ(place.end, text.size());
  return place.begin;
}

TEST(Sensitive, FindsEachKind) {
  EXPECT_EQ(first("to bob@example.com now"), "[EMAIL] bob@example.com");
  EXPECT_EQ(first("my card is 4111 1111 1111 1111."), "[CARD] 4111 1111 1111 1111");
  EXPECT_EQ(first("(DE89370400440532013000)"), "[IBAN] DE89370400440532013000");
  EXPECT_EQ(first("key=AKIAIOSFODNN7EXAMPLE"), "[KEY] AKIAIOSFODNN7EXAMPLE");
  EXPECT_EQ(first("nothing at all"), " ");
}

TEST(Sensitive, FindsOnlyWhatIsWanted) {
  const std::string_view text = "bob@example.com 4111111111111111";
  EXPECT_EQ(first(text, 0, {.card = true}), "[CARD] 4111111111111111");
  EXPECT_EQ(first(text, 0, {.iban = true, .key = true}), " ");
}

TEST(Sensitive, BeginsWhereWordsBegin) {
  EXPECT_EQ(first("x4111111111111111"), " ");
  EXPECT_EQ(first("call_4111111111111111"), " ");
  EXPECT_EQ(first("0.4111111111111111"), " ");
  EXPECT_EQ(first("no:4111111111111111"), "[CARD] 4111111111111111");
  EXPECT_EQ(first("no-4111111111111111"), "[CARD] 4111111111111111");
  EXPECT_EQ(first("desk-12345678901234567890"), " ");
  EXPECT_EQ(first("née.bob@example.com"), "[EMAIL] e.bob@example.com");
}

TEST(Sensitive, AnAddressIsFoundHoweverFarItIs) {
  for (std::size_t before = 1000; before < 1100; ++before) {
    const std::string text = std::string(before, '.') + std::string(64, 'a') + "@b.de";
    ASSERT_EQ(first(text), "[EMAIL] " + text.substr(before)) << before;
  }
}

TEST(Sensitive, GoesOnFromAnyPlace) {
  const std::string_view text = "a@b.de c@d.de";
  EXPECT_EQ(first(text, 6), "[EMAIL] c@d.de");
  EXPECT_EQ(first("x4111111111111111", 1), " ") << "the byte before counts";
}

TEST(Sensitive, TheLongestOfThoseThatBeginTogether) {
  EXPECT_EQ(first("AKIAIOSFODNN7EXAMPLE@example.com"), "[EMAIL] AKIAIOSFODNN7EXAMPLE@example.com");
}

TEST(Sensitive, WhatMayBecomeSomethingIsNotDecided) {
  EXPECT_EQ(decided(""), 0U);
  EXPECT_EQ(decided("Hello, "), 7U);
  EXPECT_EQ(decided("Hello, wor"), 7U);
  EXPECT_EQ(decided("pay 4111 1111 "), 4U);
  EXPECT_EQ(decided("pay 4111 1111 1111 1111"), 4U);
  EXPECT_EQ(decided("to bob@example.com"), 3U);
  EXPECT_EQ(decided("DE89 3704"), 0U);
  EXPECT_EQ(decided("the end of it!"), 14U);
}

TEST(Sensitive, WhatIsDecidedIsFoundThoughMoreFollows) {
  const auto place =
      Sensitive(kEverything).next("to bob@example.com, a", 0, Sensitive::Rest::follows);
  EXPECT_EQ(place.label, "[EMAIL]");
  EXPECT_EQ(place.begin, 3U);
  EXPECT_EQ(place.end, 18U);
}

TEST(Sensitive, NotMuchIsEverUndecided) {
  for (const char c : {'a', '4', '_', '.', '@', ' '}) {
    for (const char* const begin : {"", "a@", "sk-", "4111 ", "DE89"}) {
      const std::string text = begin + std::string(5000, c);
      EXPECT_LE(text.size() - decided(text), Sensitive::kMostUndecided) << begin << c;
    }
  }
}

}  // namespace
}  // namespace butter::guard
