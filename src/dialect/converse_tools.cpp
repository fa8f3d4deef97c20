#include "dialect/converse_tools.h"

#include <algorithm>
#include <vector>

#include "dialect/converse_blocks.h"

namespace butter::dialect {

namespace {

constexpr std::string_view kNoParameters = R"({"type":"object","properties":{}})";

/// The names of the tools that earlier turns called, each once.
std::vector<Text> used_tools(const Conversation& conversation) {
  std::vector<Text> names;
  for (const Turn& turn : conversation.turns) {
    for (const Part& part : turn.parts) {
      if (part.kind == Part::Kind::tool_call &&
          std::ranges::find(names, part.name) == names.end()) {
        names.push_back(part.name);
      }
    }
  }
  return names;
}

void write_tool(const Tool& tool, json::Writer& writer) {
  writer.begin_object().key("toolSpec").begin_object().key("name").escaped(tool.name.escaped);
  if (!tool.description.empty()) { writer.key("description").escaped(tool.description.escaped); }
  writer.key("inputSchema").begin_object().key("json");
  writer.raw(tool.parameters.empty() ? kNoParameters : tool.parameters.json).end_object();
  if (tool.strict) { writer.key("strict").boolean(*tool.strict); }
  writer.end_object().end_object();
}

void write_choice(const ToolChoice& choice, json::Writer& writer) {
  using Kind = ToolChoice::Kind;
  if (choice.kind == Kind::unset || choice.kind == Kind::none) { return; }
  writer.key("toolChoice").begin_object();
  if (choice.kind == Kind::named) {
    writer.key("tool").begin_object().key("name").escaped(choice.name.escaped).end_object();
  } else {
    writer.key(choice.kind == Kind::any ? "any" : "auto").begin_object().end_object();
  }
  writer.end_object();
}

}  // namespace

Result<void> write_converse_tools(const Conversation& conversation, json::Writer& writer) {
  const std::vector<Text> used = used_tools(conversation);
  const auto described = [](const Tool& tool) { return tool.server.empty(); };
  const bool any = std::ranges::any_of(conversation.tools, described);
  if (conversation.tool_choice.kind == ToolChoice::Kind::none) {
    if (used.empty()) { return {}; }
    return fail(Errc::bad_request,
                "tool_choice: \"none\" cannot be said in the provider's dialect (converse) once "
                "tools have been called");
  }
  if (!any && used.empty()) { return {}; }
  writer.key("toolConfig").begin_object().key("tools").begin_array();
  for (const Tool& tool : conversation.tools) {
    if (!described(tool)) { continue; }
    write_tool(tool, writer);
    ConverseBlocks(writer).write_cache_point(tool.cache_control);
  }
  if (!any) {
    for (const Text name : used) { write_tool({.name = name}, writer); }
  }
  writer.end_array();
  if (any) { write_choice(conversation.tool_choice, writer); }
  writer.end_object();
  return {};
}

}  // namespace butter::dialect
