#include "dialect/function_tool.h"

#include <gtest/gtest.h>

namespace butter::dialect {
namespace {

struct Read {
  Tool tool;
  Conversation conversation;
  std::string complaint;
};

Read read(std::string_view text) {
  Read read;
  Fields fields(text);
  read.tool = read_function_tool(fields, read.conversation, "tools[].strict");
  if (const auto result = fields.result(); !result) { read.complaint = result.error().detail; }
  return read;
}

bool strict(const Read& read) {
  return read.conversation.used.test(static_cast<std::size_t>(Feature::strict_tools));
}

TEST(FunctionTool, AllThatItSays) {
  const Read said = read(R"({"strict":true,"name":"f","description":"d","parameters":{"a":[]}})");
  EXPECT_EQ(said.tool.name.escaped, "f");
  EXPECT_EQ(said.tool.description.escaped, "d");
  EXPECT_EQ(said.tool.parameters.json, R"({"a":[]})");
  EXPECT_EQ(said.tool.strict, true);
  EXPECT_TRUE(strict(said));
  EXPECT_EQ(said.complaint, "");
}

TEST(FunctionTool, NotStrictAsksForNothing) {
  const Read said = read(R"({"name":"f","strict":false,"more":1})");
  EXPECT_EQ(said.tool.strict, false);
  EXPECT_FALSE(strict(said));
}

TEST(FunctionTool, HasAName) {
  EXPECT_EQ(read("{}").complaint, "name: is missing");
  EXPECT_EQ(read(R"({"name":1})").complaint, "name: must be a string");
}

}  // namespace
}  // namespace butter::dialect
