#include <gtest/gtest.h>

#include <string>

#include "dialect/dialects.h"

namespace butter::dialect {
namespace {

std::string written(const Conversation& conversation) {
  Buffer out;
  const auto done =
      kConverseProvider.write_request(conversation, {.model = "meta.llama3-v1:0"}, out);
  return done ? std::string(out.view()) : done.error().detail;
}

Turn turn(Role role, std::vector<Part> parts) {
  return {.role = role, .name = {}, .parts = std::move(parts)};
}

TEST(Converse, SystemsAndTurns) {
  Conversation conversation;
  conversation.system = {{.text = {"Be brief."}}, {.text = {""}}, {.text = {"Be kind."}}};
  conversation.turns = {turn(Role::user, {{.text = {"Hi"}}}),
                        turn(Role::assistant, {{.text = {"Hello"}}}),
                        turn(Role::user, {{.text = {"Bye"}}})};
  EXPECT_EQ(written(conversation),
            R"({"system":[{"text":"Be brief."},{"text":"Be kind."}],"messages":[)"
            R"({"role":"user","content":[{"text":"Hi"}]},)"
            R"({"role":"assistant","content":[{"text":"Hello"}]},)"
            R"({"role":"user","content":[{"text":"Bye"}]}]})");
}

// Results of several tools and what the user says next are one message; so are answers that stand
// around an empty turn.
TEST(Converse, RolesAlternate) {
  using Kind = Part::Kind;
  Conversation conversation;
  conversation.turns = {
      turn(Role::user, {{.text = {"a"}}}),
      turn(Role::assistant, {{.kind = Kind::tool_call, .id = {"1"}, .name = {"f"}},
                             {.kind = Kind::tool_call, .id = {"2"}, .name = {"f"}}}),
      turn(Role::tool, {{.kind = Kind::tool_result, .id = {"1"}}}),
      turn(Role::tool, {{.kind = Kind::tool_result, .id = {"2"}}}),
      turn(Role::user, {{.text = {"and?"}}}),
      turn(Role::assistant, {{.text = {"b"}}}),
      turn(Role::user, {{.text = {" "}}}),
      turn(Role::assistant, {{.text = {"c"}}}),
  };
  EXPECT_EQ(
      written(conversation),
      R"({"messages":[{"role":"user","content":[{"text":"a"}]},)"
      R"({"role":"assistant","content":[{"toolUse":{"toolUseId":"1","name":"f","input":{}}},)"
      R"({"toolUse":{"toolUseId":"2","name":"f","input":{}}}]},)"
      R"({"role":"user","content":[{"toolResult":{"toolUseId":"1","content":[]}},)"
      R"({"toolResult":{"toolUseId":"2","content":[]}},{"text":"and?"}]},)"
      R"({"role":"assistant","content":[{"text":"b"},{"text":"c"}]}],)"
      R"("toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object","properties":{}}}}}]}})");
}

TEST(Converse, WhatCannotBeSaidIsRefused) {
  Conversation conversation;
  conversation.turns = {turn(Role::user, {{.kind = Part::Kind::image}})};
  EXPECT_EQ(written(conversation),
            "Bedrock takes a file of kind image as base64 data only, not by URL or id");
}

TEST(Converse, TheTableNamesEachFeatureOnce) {
  FeatureSet seen;
  for (const Support& row : kConverseProvider.support) {
    EXPECT_FALSE(seen[static_cast<std::size_t>(row.feature)]) << to_string(row.feature);
    seen.set(static_cast<std::size_t>(row.feature));
    EXPECT_FALSE(row.as.empty()) << to_string(row.feature);
  }
}

}  // namespace
}  // namespace butter::dialect
