#include "dialect/gemini_tools.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/dialect/gemini_written.h"

namespace butter::dialect::gemini {
namespace {

using testing::HasSubstr;
using Choice = ToolChoice::Kind;

const Tool kTool{.name = {"f"}, .description = {"d"}, .parameters = {R"({"$ref":"#\/x"})"}};

std::string written(const Conversation& conversation) {
  std::string error;
  const std::string text = test::members([&](json::Writer& json) {
    if (const Result<void> done = write_tools(conversation, json); !done) {
      error = done.error().detail;
    }
  });
  return error.empty() ? text : error;
}

std::string with(std::vector<Tool> tools, ToolChoice choice = {}) {
  Conversation conversation;
  conversation.tools = std::move(tools);
  conversation.tool_choice = choice;
  return written(conversation);
}

TEST(GeminiTools, NoneAreNotMentioned) {
  EXPECT_EQ(with({}, {.kind = Choice::any}), "{}");
}

TEST(GeminiTools, SchemasGoAsTheyAre) {
  EXPECT_EQ(with({kTool, {.name = {"g"}}}),
            R"({"tools":[{"functionDeclarations":[{"name":"f","description":"d",)"
            R"("parametersJsonSchema":{"$ref":"#\/x"}},{"name":"g"}]}]})");
}

TEST(GeminiTools, Choices) {
  const std::pair<ToolChoice, std::string_view> cases[] = {
      {{.kind = Choice::automatic}, R"({"mode":"AUTO"})"},
      {{.kind = Choice::none}, R"({"mode":"NONE"})"},
      {{.kind = Choice::any}, R"({"mode":"ANY"})"},
      {{.kind = Choice::named, .name = {"f"}}, R"({"mode":"ANY","allowedFunctionNames":["f"]})"}};
  for (const auto& [choice, config] : cases) {
    EXPECT_THAT(with({kTool}, choice),
                HasSubstr(R"(,"toolConfig":{"functionCallingConfig":)" + std::string(config)));
  }
}

TEST(GeminiTools, StrictIsValidated) {
  Tool strict = kTool;
  strict.strict = true;
  EXPECT_THAT(with({strict}), HasSubstr(R"("mode":"VALIDATED")"));
  EXPECT_THAT(with({strict}, {.kind = Choice::automatic}), HasSubstr(R"("mode":"VALIDATED")"));
  EXPECT_THAT(with({strict}, {.kind = Choice::any}), HasSubstr(R"("mode":"ANY")"));
}

TEST(GeminiTools, WhatGoogleRunsItself) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {R"({"type":"web_search_20250305","name":"web_search"})", R"({"googleSearch":{}})"},
      {R"({"name":"x","type":"web_search"})", R"({"googleSearch":{}})"},
      {R"({"type":"web_fetch_20250910"})", R"({"urlContext":{}})"},
      {R"({"type":"code_execution_20250522"})", R"({"codeExecution":{}})"},
      {R"({"type":"code_interpreter"})", R"({"codeExecution":{}})"},
      {R"({"googleMaps":{"x":1}})", R"({"googleMaps":{"x":1}})"}};
  for (const auto& [server, tool] : cases) {
    EXPECT_EQ(with({{.server = {server}}}), R"({"tools":[)" + std::string(tool) + "]}");
  }
}

TEST(GeminiTools, WhatGoogleCannotRunIsRefused) {
  EXPECT_THAT(with({{.server = {R"({"type":"computer_20250124"})"}}}),
              HasSubstr(R"(a tool of type "computer_20250124" cannot be run by Gemini)"));
}

TEST(GeminiTools, WebSearchOfChat) {
  Conversation conversation;
  conversation.use(Feature::web_search);
  EXPECT_EQ(written(conversation), R"({"tools":[{"googleSearch":{}}]})");
}

}  // namespace
}  // namespace butter::dialect::gemini
