#include "dialect/gemini_contents.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/buffer.h"
#include "unit/dialect/gemini_written.h"

namespace butter::dialect::gemini {
namespace {

using Kind = Part::Kind;

constexpr std::string_view kOld = "gemini-2.5-flash";
constexpr std::string_view kNew = "gemini-3-flash";

Part text(std::string_view what) {
  return {.kind = Kind::text, .text = {what}};
}
Part thinking(std::string_view what, std::string_view signature) {
  return {.kind = Kind::thinking, .text = {what}, .signature = {signature}};
}
Part call(std::string_view id, std::string_view name, std::string_view arguments,
          std::string_view signature = "") {
  return {.kind = Kind::tool_call,
          .id = {id},
          .name = {name},
          .signature = {signature},
          .arguments = {arguments}};
}
Part result(std::string_view id, std::vector<Part> content) {
  return {.kind = Kind::tool_result, .id = {id}, .content = std::move(content)};
}
Turn turn(Role role, std::vector<Part> parts) {
  return {.role = role, .parts = std::move(parts)};
}

std::string written(std::vector<Turn> turns, std::string_view model = kOld) {
  Conversation conversation;
  conversation.turns = std::move(turns);
  Buffer out;
  json::Writer json(out);
  const Result<void> done = write_contents(conversation, model, json);
  return done ? std::string(out.view()) : done.error().detail;
}

TEST(GeminiContents, RolesInTurn) {
  EXPECT_EQ(written({turn(Role::user, {text("a")}), turn(Role::user, {text("b")}),
                     turn(Role::assistant, {text("c")}), turn(Role::user, {text("\\u00e9")})}),
            R"([{"role":"user","parts":[{"text":"a"},{"text":"b"}]},)"
            R"({"role":"model","parts":[{"text":"c"}]},)"
            R"({"role":"user","parts":[{"text":"\u00e9"}]}])");
}

TEST(GeminiContents, NothingSaidIsAnEmptyText) {
  EXPECT_EQ(written({turn(Role::user, {}), turn(Role::assistant, {text("")})}),
            R"([{"role":"user","parts":[{"text":""}]},{"role":"model","parts":[{"text":""}]}])");
  EXPECT_EQ(written({turn(Role::user, {text(""), text("a")})}),
            R"([{"role":"user","parts":[{"text":"a"}]}])");
}

TEST(GeminiContents, NoTurnsAreAnError) {
  EXPECT_THAT(written({}), testing::HasSubstr("at least one message"));
}

TEST(GeminiContents, ResultsOfParallelCallsStandTogetherAndHaveNames) {
  EXPECT_EQ(
      written({turn(Role::assistant, {call("1", "f", R"({"a":1})"), call("2", "g", "")}),
               turn(Role::tool, {result("1", {text("one")})}),
               turn(Role::tool, {result("2", {text("two"), text("three")})})}),
      R"([{"role":"model","parts":[{"functionCall":{"id":"1","name":"f","args":{"a":1}}},)"
      R"({"functionCall":{"id":"2","name":"g","args":{}}}]},)"
      R"({"role":"user","parts":[{"functionResponse":{"id":"1","name":"f","response":{"output":"one"}}},)"
      R"({"functionResponse":{"id":"2","name":"g","response":{"output":"two\nthree"}}}]}])");
}

TEST(GeminiContents, AFailedCallIsAnError) {
  Part failed = result("1", {text("no such city")});
  failed.is_error = true;
  EXPECT_THAT(written({turn(Role::assistant, {call("1", "f", "{}")}), turn(Role::tool, {failed})}),
              testing::HasSubstr(R"("name":"f","response":{"error":"no such city"}}})"));
}

TEST(GeminiContents, AResultWithoutItsCallIsRefused) {
  EXPECT_THAT(written({turn(Role::tool, {result("7", {})})}),
              testing::HasSubstr(R"(the tool result for "7" has no tool call)"));
  Part named = result("7", {});
  named.name = {"f"};
  EXPECT_THAT(written({turn(Role::tool, {named})}), testing::HasSubstr(R"("name":"f")"));
}

TEST(GeminiContents, ImagesOfAResult) {
  const Part data{.kind = Kind::image, .source = {.data = {"QQ=="}, .media_type = {"image/png"}}};
  const Part url{.kind = Kind::image, .source = {.url = {"https://h.test/a.png"}}};
  const std::vector<Turn> turns{turn(Role::assistant, {call("1", "f", "{}", "S")}),
                                turn(Role::tool, {result("1", {text("see"), data, url})})};
  EXPECT_THAT(
      written(turns, kNew),
      testing::HasSubstr(
          R"("response":{"output":"see"},"parts":[{"inlineData":{"mimeType":"image/png","data":"QQ=="}}]}},)"
          R"({"fileData":{"mimeType":"image/png","fileUri":"https://h.test/a.png"}}]}])"));
  EXPECT_THAT(written(turns, kOld),
              testing::HasSubstr(
                  R"("response":{"output":"see"}}},)"
                  R"({"inlineData":{"mimeType":"image/png","data":"QQ=="}},)"
                  R"({"fileData":{"mimeType":"image/png","fileUri":"https://h.test/a.png"}}]}])"));
}

TEST(GeminiContents, SignaturesOfCallsComeBack) {
  EXPECT_EQ(written({turn(Role::assistant, {call("1", "f", "{}", "S")})}, kNew),
            R"([{"role":"model","parts":[{"functionCall":{"id":"1","name":"f","args":{}},)"
            R"("thoughtSignature":"S"}]}])");
}

TEST(GeminiContents, ACallWithoutSignatureSaysSo) {
  const std::vector<Turn> turns{
      turn(Role::assistant, {call("1", "f", "{}"), call("2", "g", "{}")})};
  EXPECT_EQ(written(turns, kNew),
            R"([{"role":"model","parts":[{"functionCall":{"id":"1","name":"f","args":{}},)"
            R"("thoughtSignature":"skip_thought_signature_validator"},)"
            R"({"functionCall":{"id":"2","name":"g","args":{}}}]}])");
  EXPECT_THAT(written(turns, kOld), testing::Not(testing::HasSubstr("thoughtSignature")));
}

TEST(GeminiContents, AThoughtWithoutTextSignsWhatFollows) {
  EXPECT_EQ(
      written({turn(Role::assistant, {thinking("", "google.S"), call("1", "f", "{}")})}, kNew),
      R"([{"role":"model","parts":[{"functionCall":{"id":"1","name":"f","args":{}},)"
      R"("thoughtSignature":"S"}]}])");
  EXPECT_EQ(written({turn(Role::assistant, {text("a"), thinking("", "google.S")})}, kNew),
            R"([{"role":"model","parts":[{"text":"a"},{"text":"","thoughtSignature":"S"}]}])");
  EXPECT_EQ(written({turn(Role::assistant, {thinking("", "google.S"), text("a")})}, kNew),
            R"([{"role":"model","parts":[{"text":"","thoughtSignature":"S"},{"text":"a"}]}])");
}

TEST(GeminiContents, WhatOthersSignedGoesWithoutSignature) {
  EXPECT_EQ(written({turn(Role::assistant, {thinking("hm", "S"), text("a")})}, kNew),
            R"([{"role":"model","parts":[{"text":"hm","thought":true},{"text":"a"}]}])");
  EXPECT_EQ(written({turn(Role::assistant, {thinking("", "S"), call("1", "f", "{}")})}, kNew),
            R"([{"role":"model","parts":[{"functionCall":{"id":"1","name":"f","args":{}},)"
            R"("thoughtSignature":"skip_thought_signature_validator"}]}])");
}

TEST(GeminiContents, Thoughts) {
  EXPECT_EQ(written({turn(Role::assistant, {thinking("hm", "google.S"),
                                            thinking("ah", ""),
                                            {.kind = Kind::redacted_thinking, .signature = {"X"}},
                                            {.kind = Kind::refusal, .text = {"no"}}})}),
            R"([{"role":"model","parts":[{"text":"hm","thought":true,"thoughtSignature":"S"},)"
            R"({"text":"ah","thought":true},{"text":"no"}]}])");
}

TEST(GeminiContents, MediaOfTheUser) {
  EXPECT_EQ(
      written({turn(Role::user, {{.kind = Kind::audio,
                                  .source = {.data = {"QQ=="}, .media_type = {"audio/mp3"}}}})}),
      R"([{"role":"user","parts":[{"inlineData":{"mimeType":"audio/mp3","data":"QQ=="}}]}])");
}

TEST(GeminiContents, SystemMessagesKeepTheirOrder) {
  const auto system = [](const std::vector<Part>& parts) {
    return test::members([&](json::Writer& json) { write_system(parts, json); });
  };
  EXPECT_EQ(system({text("a"), text(""), text("b")}),
            R"({"systemInstruction":{"parts":[{"text":"a"},{"text":"b"}]}})");
  EXPECT_EQ(system({text("")}), "{}");
}

}  // namespace
}  // namespace butter::dialect::gemini
