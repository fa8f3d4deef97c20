#include "dialect/gemini_tools.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/strings.h"
#include "json/cursor.h"

namespace butter::dialect::gemini {

namespace {

/// Tools that Google runs: what other APIs call them begins with `prefix`.
struct ServerTool {
  std::string_view prefix;
  std::string_view name;
};
constexpr ServerTool kServerTools[] = {{"web_search", "googleSearch"},
                                       {"web_fetch", "urlContext"},
                                       {"code_", "codeExecution"}};  // _execution, _interpreter
constexpr std::string_view kOwnTools[] = {"googleSearch", "urlContext", "codeExecution",
                                          "googleMaps",   "fileSearch", "computerUse"};

/// How Google calls a tool that the caller's API calls `type`; "" when it has none.
std::string_view server_tool(std::string_view type) {
  const auto* const found = std::ranges::find_if(
      kServerTools, [type](const ServerTool& tool) { return type.starts_with(tool.prefix); });
  return found != std::ranges::end(kServerTools) ? found->name : std::string_view{};
}

Result<void> write_server_tool(Raw tool, json::Writer& json) {
  std::string_view type;
  bool own = false;
  json::Cursor at(tool.json);
  at.object([&](json::Key key) {
    own = own || std::ranges::find(kOwnTools, key) != std::ranges::end(kOwnTools);
    if (key == "type") {
      type = at.string();
    } else {
      at.skip_value();
    }
  });
  if (own && type.empty()) {
    json.raw(tool.json);
    return {};
  }
  const std::string_view name = server_tool(type);
  if (name.empty()) {
    return fail(Errc::bad_request,
                "tools: a tool of type " + quoted(type) + " cannot be run by Gemini");
  }
  json.begin_object().key(name).begin_object().end_object().end_object();
  return {};
}

void write_function(const Tool& tool, json::Writer& json) {
  json.begin_object().key("name").escaped(tool.name.escaped);
  if (!tool.description.empty()) { json.key("description").escaped(tool.description.escaped); }
  if (!tool.parameters.empty()) { json.key("parametersJsonSchema").raw(tool.parameters.json); }
  json.end_object();
}

bool is_function(const Tool& tool) {
  return tool.server.empty();
}

std::string_view mode_of(const Conversation& conversation) {
  const bool strict = std::ranges::any_of(
      conversation.tools, [](const Tool& tool) { return tool.strict.value_or(false); });
  switch (conversation.tool_choice.kind) {
    case ToolChoice::Kind::none: return "NONE";
    case ToolChoice::Kind::any:
    case ToolChoice::Kind::named: return "ANY";  // holds to the schemas by itself
    case ToolChoice::Kind::automatic: return strict ? "VALIDATED" : "AUTO";
    case ToolChoice::Kind::unset: return strict ? "VALIDATED" : "";
  }
  __builtin_unreachable();
}

void write_config(const Conversation& conversation, json::Writer& json) {
  const std::string_view mode = mode_of(conversation);
  if (mode.empty()) { return; }
  json.key("toolConfig").begin_object().key("functionCallingConfig").begin_object();
  json.key("mode").string(mode);
  if (conversation.tool_choice.kind == ToolChoice::Kind::named) {
    json.key("allowedFunctionNames").begin_array();
    json.escaped(conversation.tool_choice.name.escaped).end_array();
  }
  json.end_object().end_object();
}

}  // namespace

Result<void> write_tools(const Conversation& conversation, json::Writer& json) {
  const bool search = conversation.used.test(static_cast<std::size_t>(Feature::web_search));
  if (conversation.tools.empty() && !search) { return {}; }
  const bool functions = std::ranges::any_of(conversation.tools, is_function);
  json.key("tools").begin_array();
  if (functions) {
    json.begin_object().key("functionDeclarations").begin_array();
    for (const Tool& tool : conversation.tools) {
      if (is_function(tool)) { write_function(tool, json); }
    }
    json.end_array().end_object();
  }
  if (search) { json.begin_object().key("googleSearch").begin_object().end_object().end_object(); }
  for (const Tool& tool : conversation.tools) {
    if (is_function(tool)) { continue; }
    if (Result<void> done = write_server_tool(tool.server, json); !done) { return done; }
  }
  json.end_array();
  if (functions) { write_config(conversation, json); }
  return {};
}

}  // namespace butter::dialect::gemini
