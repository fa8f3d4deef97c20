#include "dialect/responses_tools.h"

#include <gtest/gtest.h>

#include <string>

namespace butter::dialect {
namespace {

/// Reads both, writes both. \return the JSON, or the complaint
std::string round(std::string_view tools, std::string_view choice, Conversation& into) {
  Fields fields("{}");
  fields.at("tools", {tools}, [&] { read_responses_tools(fields, into); });
  if (!choice.empty()) {
    fields.at("tool_choice", {choice}, [&] { read_responses_tool_choice(fields, into); });
  }
  if (!fields.ok()) { return fields.result().error().detail; }
  Buffer out;
  json::Writer writer(out);
  writer.begin_object();
  write_responses_tools(into, writer);
  writer.end_object();
  return std::string(out.view());
}

std::string round(std::string_view tools, std::string_view choice) {
  Conversation into;
  return round(tools, choice, into);
}

constexpr std::string_view kF =
    R"({"type":"function","name":"f","description":"d","parameters":{"type":"object"},"strict":true})";
constexpr std::string_view kG = R"({"type":"function","name":"g","parameters":null,"strict":null})";
constexpr std::string_view kSearch = R"({"type":"web_search","search_context_size":"low"})";

std::string list(std::initializer_list<std::string_view> tools) {
  std::string out = "[";
  for (const std::string_view tool : tools) { (out += out.size() > 1 ? "," : "") += tool; }
  return out + "]";
}

std::string both(std::string_view choice, std::string_view tools) {
  return "{\"tool_choice\":" + std::string(choice) + ",\"tools\":" + std::string(tools) + "}";
}

TEST(ResponsesTools, AreRepeatedInTheAnswer) {
  Conversation into;
  const std::string tools = list({kF, kG, kSearch});
  EXPECT_EQ(round(tools, "", into), both("\"auto\"", tools));
  EXPECT_EQ(into.tools.at(0).name.escaped, "f");
  EXPECT_EQ(into.tools.at(0).strict, true);
  EXPECT_EQ(into.tools.at(2).server.json, kSearch);
  EXPECT_TRUE(into.used[static_cast<std::size_t>(Feature::tools)]);
  EXPECT_TRUE(into.used[static_cast<std::size_t>(Feature::strict_tools)]);
  EXPECT_TRUE(into.used[static_cast<std::size_t>(Feature::server_tools)]);
}

TEST(ResponsesTools, EveryFormOfTheChoice) {
  const std::string tools = list({kF, kG});
  for (const std::string_view word : {"\"auto\"", "\"none\"", "\"required\""}) {
    EXPECT_EQ(round(tools, word), both(word, tools));
  }
  constexpr std::string_view kNamed = R"({"type":"function","name":"g"})";
  EXPECT_EQ(round(tools, kNamed), both(kNamed, tools));
}

TEST(ResponsesTools, OnlyAllowedToolsAreLeft) {
  EXPECT_EQ(round(list({kF, kG, kSearch}), R"({"type":"allowed_tools","mode":"required","tools":[
                  {"type":"function","name":"g"}]})"),
            both("\"required\"", list({kG})));
  EXPECT_EQ(round(list({kF, kSearch}),
                  R"({"type":"allowed_tools","mode":"auto","tools":[{"type":"web_search"}]})"),
            both("\"auto\"", list({kSearch})));
}

TEST(ResponsesTools, Complaints) {
  const std::string tools = list({kF});
  constexpr struct {
    std::string_view choice, complaint;
  } kChoices[] = {
      {"\"maybe\"", "tool_choice: must be auto, none, required or an object"},
      {R"({"type":"function"})", "tool_choice.name: is missing"},
      {R"({"name":"f"})", "tool_choice.type: is missing"},
      {R"({"type":"allowed_tools","mode":"x","tools":[]})",
       "tool_choice.mode: must be auto or required"},
      {R"({"type":"allowed_tools","mode":"auto"})", "tool_choice.tools: is missing"},
      {R"({"type":"file_search"})",
       "tool_choice.type: \"file_search\" can only be forced where the provider runs it"},
  };
  for (const auto& row : kChoices) { EXPECT_EQ(round(tools, row.choice), row.complaint); }
  constexpr struct {
    std::string_view tools, complaint;
  } kTools[] = {
      {"{}", "tools: must be a list"},
      {"[7]", "tools[0]: must be an object"},
      {"[{}]", "tools[0].type: is missing"},
      {R"([{"type":"function","function":{"name":"f"}}])", "tools[0].name: is missing"},
      {R"([{"type":"function","name":"f","parameters":"x"}])",
       "tools[0].parameters: must be an object"},
  };
  for (const auto& row : kTools) { EXPECT_EQ(round(row.tools, ""), row.complaint); }
}

}  // namespace
}  // namespace butter::dialect
