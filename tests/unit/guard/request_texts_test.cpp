#include "guard/request_texts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace butter::guard {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Texts = std::vector<std::string>;

const Fold& fold() {
  static const Fold one;
  return one;
}

Texts texts_of(const std::vector<std::string>& roles, std::string_view body) {
  const Roles who(roles);
  const RequestTexts texts(fold(), who, body);
  Texts found;
  EXPECT_FALSE(texts.any_text([&](std::string_view plain, std::string_view) {
    found.emplace_back(plain);
    return false;
  }));
  return found;
}

Texts users(std::string_view body) {
  return texts_of({"user"}, body);
}

Texts tools(std::string_view body) {
  return texts_of({"tool"}, body);
}

TEST(RequestTexts, AMessageBelongsToItsRole) {
  const std::string_view body =
      R"({"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":"u"},)"
      R"({"content":"a","role":"assistant"},{"role":"tool","content":"t","tool_call_id":"c"}]})";
  EXPECT_THAT(users(body), ElementsAre("u"));
  EXPECT_THAT(texts_of({"system"}, body), ElementsAre("m", "s"));
  EXPECT_THAT(texts_of({"assistant"}, body), ElementsAre("a"));
  EXPECT_THAT(tools(body), ElementsAre("t", "c"));
  EXPECT_THAT(texts_of({"all"}, body), ElementsAre("m", "s", "u", "a", "t", "c"));
}

TEST(RequestTexts, PartsBelongToTheirMessage) {
  EXPECT_THAT(users(R"({"messages":[{"role":"user","content":[{"type":"text","text":"one"},)"
                    R"({"type":"text","text":"two","role":"system"}]}]})"),
              ElementsAre("text", "one", "text", "two"));
}

TEST(RequestTexts, ResultsOfToolsBelongToToolsWhereverTheyStand) {
  const std::string_view anthropic =
      R"({"messages":[{"role":"user","content":[{"type":"tool_result","content":[{"text":"r"}]},)"
      R"({"text":"u"}]}]})";
  EXPECT_THAT(users(anthropic), ElementsAre("u"));
  EXPECT_THAT(tools(anthropic), ElementsAre("tool_result", "r"));
  EXPECT_THAT(tools(R"({"input":[{"type":"function_call_output","output":"r"}]})"),
              ElementsAre("function_call_output", "r"));
  EXPECT_THAT(tools(R"({"contents":[{"role":"user","parts":[{"functionResponse":{"response":)"
                    R"({"x":"r"}}}]}]})"),
              ElementsAre("r"));
  EXPECT_THAT(tools(R"({"messages":[{"role":"user","content":[{"toolResult":{"content":)"
                    R"([{"text":"r"}]}}]}]})"),
              ElementsAre("r"));
}

TEST(RequestTexts, WhatTheApplicationSetsIsTheSystems) {
  const std::string_view body =
      R"({"system":[{"type":"text","text":"s"}],"instructions":"i","tools":[{"description":"d"}],)"
      R"("systemInstruction":{"parts":[{"text":"g"}]},"prompt":"p"})";
  EXPECT_THAT(users(body), ElementsAre("p"));
  EXPECT_THAT(texts_of({"system"}, body), ElementsAre("text", "s", "i", "d", "g"));
}

TEST(RequestTexts, OnlyARequestHasAnApplication) {
  EXPECT_THAT(users(R"({"messages":[{"role":"user","content":{"system":"x"}}]})"),
              ElementsAre("x"));
  EXPECT_THAT(users(R"({"whatever":{"instructions":"x"}})"), ElementsAre("x"));
  EXPECT_THAT(users(R"({"requests":[{"params":{"system":"s","prompt":"p"}}]})"), ElementsAre("p"));
  EXPECT_THAT(users(R"({"generateContentRequest":{"systemInstruction":"s"}})"), IsEmpty());
}

TEST(RequestTexts, OfUnknownJsonEverythingIsTheUsers) {
  EXPECT_THAT(users(R"(["a",{"b":{"c":["d",1,true,null]}}, "e"])"), ElementsAre("a", "d", "e"));
  EXPECT_THAT(users(R"("alone")"), ElementsAre("alone"));
}

TEST(RequestTexts, WhatIsNoJsonIsOneText) {
  EXPECT_THAT(users("plain text"), ElementsAre("plain text"));
  EXPECT_THAT(users(R"({"a":"b)"), ElementsAre(R"({"a":"b)"));
  EXPECT_THAT(users(R"({"a":"b"} c)"), ElementsAre("b", R"({"a":"b"} c)"));
  EXPECT_THAT(users(""), IsEmpty());
}

TEST(RequestTexts, DeepNestingIsOneText) {
  std::string body = R"("deep")";
  for (unsigned i = 0; i < RequestTexts::kMostDepth + 1; ++i) { body = '[' + body + ']'; }
  EXPECT_THAT(users(body), ElementsAre(R"(["deep"])"));
  std::string bottomless(100'000, '[');
  EXPECT_EQ(users(bottomless).size(), 1U);
}

TEST(RequestTexts, MediaIsNotLookedAt) {
  EXPECT_THAT(
      users(R"({"url":"data:image/png;base64,)" + std::string(1000, 'A') + R"(","text":"t"})"),
      ElementsAre("t"));
}

TEST(RequestTexts, ARoleThatIsNoStringIsNone) {
  EXPECT_THAT(users(R"({"messages":[{"role":{"a":"x"},"content":"u"}]})"), ElementsAre("x", "u"));
}

TEST(RequestTexts, RunsAreOfTextsThatFollowEachOther) {
  const Roles roles({"user"});
  const std::string_view body = R"([{"role":"user","content":"a"},{"role":"user","content":"b"},)"
                                R"({"role":"system","content":"c"},{"role":"user","content":"d"}])";
  const RequestTexts texts(fold(), roles, body);
  Texts runs;
  EXPECT_FALSE(texts.any_run([&](std::string_view run) {
    runs.emplace_back(run);
    return false;
  }));
  EXPECT_THAT(runs, ElementsAre("a\xff"
                                "b\xff",
                                "d\xff"));
  EXPECT_TRUE(texts.any_run([](std::string_view) { return true; }));
}

TEST(RequestTexts, TellsHowATextStandsInTheBody) {
  const Roles roles({"user"});
  const RequestTexts texts(fold(), roles, R"({"a":"\u0430\n"})");
  EXPECT_TRUE(texts.any_text([](std::string_view plain, std::string_view raw) {
    return plain == "a " && raw == R"(\u0430\n)";
  }));
}

}  // namespace
}  // namespace butter::guard
