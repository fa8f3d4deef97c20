#include "dialect/messages_content.h"

#include "unit/dialect/messages_support.h"

namespace butter::dialect {
namespace {

using messages_test::ask;
using messages_test::complaint;
using messages_test::uses;
using messages_test::with_content;
using Kind = Part::Kind;

/// The one part that a user's message of one block is read into.
Part only_part(const Conversation& conversation) {
  EXPECT_EQ(conversation.turns.size(), 1U);
  EXPECT_EQ(conversation.turns[0].parts.size(), 1U);
  return conversation.turns[0].parts[0];
}

TEST(MessagesContent, AStringIsOneText) {
  const auto asked = ask(with_content(R"("a\n\"b\"")"));
  EXPECT_EQ(only_part(asked->conversation).text.escaped, R"(a\n\"b\")");
}

TEST(MessagesContent, TextKeepsItsMarkAndItsCitations) {
  const auto asked = ask(with_content(
      R"([{"text":"a","cache_control":{"type":"ephemeral"},"citations":[{"x":1}],"type":"text"}])"));
  const Part part = only_part(asked->conversation);
  EXPECT_EQ(part.cache_control.json, R"({"type":"ephemeral"})");
  EXPECT_EQ(part.citations.json, R"([{"x":1}])");
  EXPECT_TRUE(uses(asked->conversation, Feature::cache_markers));
  EXPECT_TRUE(uses(asked->conversation, Feature::citations));
}

TEST(MessagesContent, CallsAndTheirResults) {
  const auto call = ask(
      with_content(R"([{"type":"tool_use","id":"t","name":"f","input":{"a": 1}}])", "assistant"));
  const Part tool = only_part(call->conversation);
  EXPECT_EQ(tool.kind, Kind::tool_call);
  EXPECT_EQ(tool.arguments.json, R"({"a": 1})");
  const auto asked = ask(with_content(
      R"([{"type":"tool_result","tool_use_id":"t","is_error":true,"content":[{"type":"text","text":"x"},)"
      R"({"type":"image","source":{"type":"url","url":"u"}}]}])"));
  const Part result = only_part(asked->conversation);
  EXPECT_EQ(result.kind, Kind::tool_result);
  EXPECT_EQ(result.content.size(), 2U);
  EXPECT_TRUE(result.is_error);
  EXPECT_TRUE(uses(asked->conversation, Feature::tool_result_error));
  EXPECT_TRUE(uses(asked->conversation, Feature::tool_result_image));
}

TEST(MessagesContent, ThinkingComesBackWithItsSignature) {
  const auto asked = ask(with_content(
      R"([{"type":"thinking","thinking":"a","signature":"s"},{"type":"redacted_thinking","data":"d"}])",
      "assistant"));
  const auto& parts = asked->conversation.turns[0].parts;
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].signature.escaped, "s");
  EXPECT_EQ(parts[1].kind, Kind::redacted_thinking);
  EXPECT_EQ(parts[1].signature.escaped, "d");
}

TEST(MessagesContent, ACallsSignatureStandsBeforeIt) {
  const auto asked = ask(with_content(R"([{"type":"redacted_thinking","data":"butter.call.c2ln"},)"
                                      R"({"type":"tool_use","id":"t","name":"f","input":{}},)"
                                      R"({"type":"tool_use","id":"u","name":"f","input":{}}])",
                                      "assistant"));
  const auto& parts = asked->conversation.turns[0].parts;
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].signature.escaped, "c2ln");
  EXPECT_TRUE(parts[1].signature.empty());
}

TEST(MessagesContent, ASearchResultReadsAsText) {
  const auto asked =
      ask(with_content(R"([{"type":"search_result","source":"https://e","title":"T","content":)"
                       R"([{"type":"text","text":"one"},{"type":"text","text":"two"}]}])"));
  const Part part = only_part(asked->conversation);
  EXPECT_EQ(part.text.escaped, R"(T\nhttps://e\none\ntwo)");
  EXPECT_TRUE(part.messages_own.json.starts_with(R"({"type":"search_result")"));
}

TEST(MessagesContent, BlocksOfTheProvidersToolsAreKeptWithTheirPlace) {
  const auto asked = ask(with_content(
      R"([{"type":"text","text":"a"},{"type":"server_tool_use","id":"s","name":"web_search","input":{}},)"
      R"({"type":"web_search_tool_result","tool_use_id":"s","content":[]},{"type":"text","text":"b"}])",
      "assistant"));
  const Turn& turn = asked->conversation.turns[0];
  ASSERT_EQ(turn.messages_own.size(), 2U);
  EXPECT_EQ(turn.messages_own[0].before, 1U);
  EXPECT_EQ(turn.messages_own[1].before, 1U);
  EXPECT_EQ(turn.parts.size(), 2U);
  EXPECT_TRUE(uses(asked->conversation, Feature::server_tools));
}

TEST(MessagesContent, WhatSaysMoreIsKeptWhole) {
  constexpr std::string_view kResult =
      R"({"type":"tool_result","tool_use_id":"t","content":[{"type":"tool_reference","tool_name":"f"}]})";
  constexpr std::string_view kCall =
      R"({"type":"tool_use","id":"t","name":"f","input":{},"caller":{"type":"direct"}})";
  for (const std::string_view block : {kResult, kCall}) {
    const auto asked = ask(with_content('[' + std::string(block) + ']', "assistant"));
    EXPECT_EQ(only_part(asked->conversation).messages_own.json, block);
  }
}

TEST(MessagesContent, ComplaintsNameTheirPlace) {
  struct Row {
    std::string_view content, complaint;
  };
  constexpr Row kRows[] = {
      {"7", "messages[0].content: must be a string or a list"},
      {"[7]", "messages[0].content[0]: must be an object"},
      {R"([{"text":"a"}])", "messages[0].content[0].type: is missing"},
      {R"([{"type":"flux"}])", "messages[0].content[0].type: \"flux\" is no block of a content"},
      {R"([{"type":"text","text":1}])", "messages[0].content[0].text: must be a string"},
      {R"([{"type":"tool_use","name":"f"}])", "messages[0].content[0].id: is missing"},
      {R"([{"type":"tool_use","id":"f"}])", "messages[0].content[0].name: is missing"},
      {R"([{"type":"tool_use","id":"f","name":"f","input":"{}"}])",
       "messages[0].content[0].input: must be an object"},
      {R"([{"type":"tool_result"}])", "messages[0].content[0].tool_use_id: is missing"},
      {R"([{"type":"tool_result","tool_use_id":"t","content":[{"type":"x"}]}])",
       "messages[0].content[0].content[0].type: \"x\" is no block of a content"}};
  for (const Row& row : kRows) { EXPECT_EQ(complaint(with_content(row.content)), row.complaint); }
}

TEST(MessagesContent, TheSystemIsText) {
  EXPECT_EQ(complaint(messages_test::request(
                R"("system":[{"type":"image","source":{"type":"url","url":"u"}}])")),
            "system: must be text");
  EXPECT_EQ(complaint(messages_test::request(R"("system":null)")), "");
}

}  // namespace
}  // namespace butter::dialect
