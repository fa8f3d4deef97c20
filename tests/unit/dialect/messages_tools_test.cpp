#include "dialect/messages_tools.h"

#include "unit/dialect/messages_support.h"

namespace butter::dialect {
namespace {

using messages_test::ask;
using messages_test::complaint;
using messages_test::request;
using messages_test::uses;

TEST(MessagesTools, TheCallersAndTheProviders) {
  const auto asked = ask(request(
      R"("tools":[{"name":"f","description":"d","input_schema":{"type":"object"},"strict":true},)"
      R"({"type":"custom","name":"g","input_schema":{},"defer_loading":true},)"
      R"({"type":"web_search_20250305","name":"web_search"}])"));
  const auto& tools = asked->conversation.tools;
  ASSERT_EQ(tools.size(), 3U);
  EXPECT_EQ(tools[0].name.escaped, "f");
  EXPECT_EQ(tools[0].parameters.json, R"({"type":"object"})");
  EXPECT_EQ(tools[0].strict, true);
  EXPECT_TRUE(tools[0].messages_own.empty());
  EXPECT_FALSE(tools[1].messages_own.empty());
  EXPECT_EQ(tools[2].server.json, R"({"type":"web_search_20250305","name":"web_search"})");
  EXPECT_TRUE(uses(asked->conversation, Feature::server_tools));
  EXPECT_TRUE(uses(asked->conversation, Feature::strict_tools));
}

TEST(MessagesTools, TheChoice) {
  struct Row {
    std::string_view choice;
    ToolChoice::Kind kind;
    std::optional<bool> parallel;
  };
  constexpr Row kRows[] = {
      {R"({"type":"auto"})", ToolChoice::Kind::automatic, {}},
      {R"({"type":"any","disable_parallel_tool_use":true})", ToolChoice::Kind::any, false},
      {R"({"type":"tool","name":"f","disable_parallel_tool_use":false})", ToolChoice::Kind::named,
       true},
      {R"({"type":"none"})", ToolChoice::Kind::none, {}}};
  for (const Row& row : kRows) {
    const auto asked = ask(request(R"("tool_choice":)" + std::string(row.choice)));
    EXPECT_EQ(asked->conversation.tool_choice.kind, row.kind) << row.choice;
    EXPECT_EQ(asked->conversation.parallel_tool_calls, row.parallel) << row.choice;
  }
}

TEST(MessagesTools, ThinkingIsKeptAsItIsSaid) {
  const auto enabled = ask(request(R"("thinking":{"type":"enabled","budget_tokens":2000})"));
  EXPECT_EQ(enabled->conversation.reasoning.budget, 2000U);
  EXPECT_TRUE(uses(enabled->conversation, Feature::reasoning_budget));
  const auto off = ask(request(R"("thinking":{"type":"disabled"})"));
  EXPECT_EQ(off->conversation.reasoning.budget, 0U);
  const auto adaptive = ask(request(R"("thinking":{"type":"adaptive","display":"omitted"})"));
  EXPECT_EQ(adaptive->conversation.reasoning.effort, Reasoning::Effort::unset);
  EXPECT_EQ(adaptive->conversation.reasoning.thinking.json,
            R"({"type":"adaptive","display":"omitted"})");
}

TEST(MessagesTools, EffortAndFormat) {
  const auto asked = ask(request(
      R"("output_config":{"effort":"max","format":{"type":"json_schema","schema":{"a":1}},"x":1})"));
  EXPECT_EQ(asked->conversation.reasoning.effort, Reasoning::Effort::most);
  EXPECT_EQ(asked->conversation.format.schema.json, R"({"a":1})");
  EXPECT_THAT(asked->conversation.unknown, testing::ElementsAre("output_config"));
  const auto beta = ask(request(R"("output_format":{"type":"json_schema","schema":{}})"));
  EXPECT_EQ(beta->conversation.format.kind, ResponseFormat::Kind::json_schema);
}

TEST(MessagesTools, ComplaintsNameTheirPlace) {
  struct Row {
    std::string_view members, complaint;
  };
  constexpr Row kRows[] = {
      {R"("tools":[{"description":"d"}])", "tools[0].name: is missing"},
      {R"("tools":{})", "tools: must be a list"},
      {R"("tools":[{"name":"f","input_schema":"x"}])", "tools[0].input_schema: must be an object"},
      {R"("tool_choice":{"type":"flux"})", "tool_choice.type: must be auto, any, tool or none"},
      {R"("tool_choice":{"type":"tool"})", "tool_choice.name: is missing"},
      {R"("thinking":{})", "thinking.type: is missing"},
      {R"("thinking":{"type":"enabled"})", "thinking.budget_tokens: is missing"},
      {R"("output_config":{"effort":"flux"})",
       "output_config.effort: must be low, medium, high, xhigh or max"},
      {R"("output_format":{"type":"x"})", "output_format.type: must be json_schema"},
      {R"("output_format":{"type":"json_schema"})", "output_format.schema: is missing"}};
  for (const Row& row : kRows) { EXPECT_EQ(complaint(request(row.members)), row.complaint); }
}

}  // namespace
}  // namespace butter::dialect
