#include "guard/redactor.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>

namespace butter::guard {
namespace {

constexpr Redaction kEverything{.email = true, .card = true, .iban = true, .key = true};

std::string redacted(std::string_view body, Body whose = Body::request) {
  return Redactor(kEverything).json(body, whose).value_or("unchanged");
}

TEST(Redactor, ReplacesWhatItFindsAndNothingElse) {
  EXPECT_EQ(redacted(R"({ "n" : 1.50, "a":"bob@example.com" ,"b":["x 4111111111111111 y", null]})"),
            R"({ "n" : 1.50, "a":"[EMAIL]" ,"b":["x [CARD] y", null]})");
  EXPECT_EQ(redacted(R"({"a":"nothing\n"})"), "unchanged");
  EXPECT_EQ(redacted(""), "unchanged");
}

TEST(Redactor, SeesThroughEscapes) {
  EXPECT_EQ(redacted(R"({"a":"x\nbob\u0040example.com\n\u00e9"})"),
            R"({"a":"x\n[EMAIL]\n\u00e9"})");
  EXPECT_EQ(redacted(R"("\u0062ob@example.co\u006d")"), R"("[EMAIL]")");
  EXPECT_EQ(redacted(R"("\ud83d\ude00 4111 1111\u00201111 1111\"")"), R"("\ud83d\ude00 [CARD]\"")");
}

TEST(Redactor, SeveralInOneString) {
  EXPECT_EQ(redacted(R"("a@b.de, c\u0040d.de,\te@f.de")"), R"("[EMAIL], [EMAIL],\t[EMAIL]")");
}

TEST(Redactor, NamesOfMembersAndNumbersStay) {
  EXPECT_EQ(redacted(R"({"bob@example.com" : 4111111111111111})"), "unchanged");
}

TEST(Redactor, WhatMustComeBackAsItWasGivenStays) {
  EXPECT_EQ(redacted(R"({"tool_call_id":"4111111111111111","signature":"4111111111111111"})"),
            "unchanged");
  EXPECT_EQ(redacted(R"({"data":")" + std::string(300, 'A') + R"("})"), "unchanged");
  const std::string_view thinking = R"({"thinking":"bob@example.com","signature":"x"})";
  EXPECT_EQ(redacted(thinking, Body::request), "unchanged");
  EXPECT_EQ(redacted(thinking, Body::answer), R"({"thinking":"[EMAIL]","signature":"x"})");
}

TEST(Redactor, MistakesOfTheJsonDoNotMatter) {
  EXPECT_EQ(redacted(R"({"a":"b@c.de","x\q@d.de",)"), R"({"a":"[EMAIL]","x\[EMAIL]",)");
  EXPECT_EQ(redacted(R"({"a":"b@c.de","open d@e.de)"), R"({"a":"[EMAIL]","open d@e.de)");
  EXPECT_EQ(redacted(std::string(100'000, '[') + R"("b@c.de")"),
            std::string(100'000, '[') + R"("[EMAIL]")");
}

TEST(Redactor, Texts) {
  const Redactor redactor(kEverything);
  std::string text = R"(a "quoted" \n b@c.de)";
  redactor.text(text);
  EXPECT_EQ(text, R"(a "quoted" \n [EMAIL])");
  redactor.text(text);
  EXPECT_EQ(text, R"(a "quoted" \n [EMAIL])");
}

// Strings around which everything is random: all but what was found is there, byte for byte.
TEST(Redactor, LeavesAllOtherBytes) {
  constexpr std::string_view kPieces[] = {"a",    " ",    ".",       "\\n",  "\\u00e9", "é",
                                          "\xff", "\\\\", "\\ud83d", "\\\"", ", ",      "0.1"};
  std::mt19937 random(11);
  for (int round = 0; round < 500; ++round) {
    std::string body = "{\"a\": \"", expected = body;
    for (int i = 0; i < 30; ++i) {
      const std::string_view piece = kPieces[random() % std::size(kPieces)];
      body += piece;
      expected += piece;
      if (random() % 4 == 0) {
        body += " <b\\u0040c.de> ";
        expected += " <[EMAIL]> ";
      }
    }
    body += " <x@y.de>\"} ";
    expected += " <[EMAIL]>\"} ";
    ASSERT_EQ(redacted(body), expected);
  }
}

TEST(Redactor, TokensOfAnAnswerThatChangesGo) {
  EXPECT_EQ(redacted(R"({"text":"a@b.de","logprobs":{"tokens":["a","@b.de"]}})", Body::answer),
            R"({"text":"[EMAIL]","logprobs":null})");
  EXPECT_EQ(redacted(R"({"text":"a","logprobs":{"tokens":["a"]}})", Body::answer), "unchanged");
  EXPECT_EQ(redacted(R"({"text":"a@b.de","logprobs":[1]})", Body::request),
            R"({"text":"[EMAIL]","logprobs":[1]})");
}

TEST(Redactor, ANumberInArgumentsBecomesAString) {
  EXPECT_EQ(redacted(R"({"arguments":"{\"n\":4111111111111111,\"s\":\"4111111111111111\"}"})"),
            R"({"arguments":"{\"n\":\"[CARD]\",\"s\":\"[CARD]\"}"})");
}

}  // namespace
}  // namespace butter::guard
