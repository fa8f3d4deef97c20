#include "dialect/converse_tools.h"

#include <gtest/gtest.h>

#include <string>

namespace butter::dialect {
namespace {

std::string written(const Conversation& conversation) {
  Buffer out;
  json::Writer writer(out);
  writer.begin_object();
  const auto done = write_converse_tools(conversation, writer);
  writer.end_object();
  return done ? std::string(out.view()) : done.error().detail;
}

Conversation with_tool() {
  Conversation conversation;
  conversation.tools.push_back(
      {.name = {"f"}, .description = {"d"}, .parameters = {R"({"type":"object"})"}});
  return conversation;
}

constexpr char kTool[] =
    R"({"toolSpec":{"name":"f","description":"d","inputSchema":{"json":{"type":"object"}}}})";

TEST(ConverseTools, None) {
  EXPECT_EQ(written({}), "{}");
}

TEST(ConverseTools, ToolsWithMarkers) {
  Conversation conversation = with_tool();
  conversation.tools.push_back(
      {.name = {"g"}, .cache_control = {R"({"type":"ephemeral"})"}, .strict = true});
  conversation.tools.push_back({.server = {R"({"type":"web_search"})"}});
  EXPECT_EQ(
      written(conversation),
      std::string(R"({"toolConfig":{"tools":[)") + kTool +
          R"(,{"toolSpec":{"name":"g","inputSchema":{"json":{"type":"object","properties":{}}},"strict":true}})"
          R"(,{"cachePoint":{"type":"default"}}]}})");
}

TEST(ConverseTools, Choice) {
  using Kind = ToolChoice::Kind;
  const std::pair<ToolChoice, std::string_view> rows[] = {
      {{.kind = Kind::unset}, ""},
      {{.kind = Kind::automatic}, R"(,"toolChoice":{"auto":{}})"},
      {{.kind = Kind::any}, R"(,"toolChoice":{"any":{}})"},
      {{.kind = Kind::named, .name = {"f"}}, R"(,"toolChoice":{"tool":{"name":"f"}})"}};
  for (const auto& [choice, text] : rows) {
    Conversation conversation = with_tool();
    conversation.tool_choice = choice;
    EXPECT_EQ(written(conversation),
              std::string(R"({"toolConfig":{"tools":[)") + kTool + "]" + std::string(text) + "}}");
  }
}

TEST(ConverseTools, NoneLeavesThemOut) {
  Conversation conversation = with_tool();
  conversation.tool_choice.kind = ToolChoice::Kind::none;
  EXPECT_EQ(written(conversation), "{}");
  conversation.turns.push_back(
      {.role = Role::assistant,
       .parts = {{.kind = Part::Kind::tool_call, .id = {"t"}, .name = {"f"}}}});
  EXPECT_EQ(written(conversation),
            "tool_choice: \"none\" cannot be said in the provider's dialect (converse) once tools "
            "have been called");
}

// Bedrock wants toolConfig where a toolUse stands.
TEST(ConverseTools, UsedToolsThatAreNotDescribed) {
  Conversation conversation;
  const Part call{.kind = Part::Kind::tool_call, .id = {"t"}, .name = {"f"}};
  conversation.turns.push_back({.role = Role::assistant, .parts = {call, call}});
  EXPECT_EQ(written(conversation),
            R"({"toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":)"
            R"({"type":"object","properties":{}}}}}]}})");
}

}  // namespace
}  // namespace butter::dialect
