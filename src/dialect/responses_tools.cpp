#include "dialect/responses_tools.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/strings.h"
#include "dialect/function_tool.h"

namespace butter::dialect {

namespace {

/// The string that the member `name` of an object is; "" when it is none.
std::string_view member_text(Raw object, std::string_view name) {
  std::string_view found;
  json::Cursor cursor(object.json);
  cursor.object(
      [&](json::Key key) { key == name ? (void)(found = cursor.string()) : cursor.skip_value(); });
  return found;
}

void read_tool(Fields& fields, Conversation& into) {
  const Raw raw = fields.object_raw();
  const std::string_view type = member_text(raw, "type");
  if (type.empty()) { return fields.complain("type", "is missing"); }
  if (type == "function") {
    fields.again(raw,
                 [&] { into.tools.push_back(read_function_tool(fields, into, "tools[].strict")); });
    return;
  }
  into.use(Feature::server_tools, into.keep("tools[]." + std::string(type)));
  into.tools.push_back({.server = raw});
}

struct Choice {
  Text type, mode, name;
  Raw tools;
};

Choice read_choice(Fields& fields) {
  Choice choice;
  fields.object([&](json::Key key) {
    if (key == "type") {
      choice.type = fields.text();
    } else if (key == "mode") {
      choice.mode = fields.text();
    } else if (key == "name") {
      choice.name = fields.text();
    } else if (key == "tools") {
      choice.tools = fields.any();
    } else {
      fields.skip();
    }
  });
  return choice;
}

bool read_mode(std::string_view mode, ToolChoice& choice) {
  if (mode == "auto") {
    choice.kind = ToolChoice::Kind::automatic;
  } else if (mode == "none") {
    choice.kind = ToolChoice::Kind::none;
  } else if (mode == "required") {
    choice.kind = ToolChoice::Kind::any;
  } else {
    return false;
  }
  return true;
}

void keep_allowed(Fields& fields, Raw list, Conversation& into) {
  std::vector<Text> names;
  std::vector<std::string_view> types;
  fields.at("tools", list, [&] {
    fields.array([&](std::size_t) {
      const Choice tool = read_choice(fields);
      const bool function = tool.type.escaped == "function";
      function ? names.push_back(tool.name) : types.push_back(tool.type.escaped);
    });
  });
  std::erase_if(into.tools, [&](const Tool& tool) {
    return tool.server.empty()
               ? std::ranges::find(names, tool.name) == names.end()
               : std::ranges::find(types, member_text(tool.server, "type")) == types.end();
  });
}

std::string_view word_of(ToolChoice::Kind kind) {
  switch (kind) {
    case ToolChoice::Kind::none: return "none";
    case ToolChoice::Kind::any: return "required";
    case ToolChoice::Kind::unset:
    case ToolChoice::Kind::automatic:
    case ToolChoice::Kind::named: return "auto";
  }
  __builtin_unreachable();
}

void write_tool(const Tool& tool, json::Writer& writer) {
  if (!tool.server.empty()) {
    writer.raw(tool.server.json);
    return;
  }
  writer.begin_object().key("type").string("function");
  writer.key("name").escaped(tool.name.escaped);
  if (!tool.description.empty()) { writer.key("description").escaped(tool.description.escaped); }
  writer.key("parameters").raw(tool.parameters.empty() ? "null" : tool.parameters.json);
  writer.key("strict").raw(tool.strict ? (*tool.strict ? "true" : "false") : "null");
  writer.end_object();
}

}  // namespace

void read_responses_tools(Fields& fields, Conversation& into) {
  fields.array([&](std::size_t) { read_tool(fields, into); });
  if (std::ranges::any_of(into.tools, [](const Tool& tool) { return tool.server.empty(); })) {
    into.use(Feature::tools, "tools");
  }
}

void read_responses_tool_choice(Fields& fields, Conversation& into) {
  into.use(Feature::tool_choice, "tool_choice");
  if (fields.is_string()) {
    if (!read_mode(fields.text().escaped, into.tool_choice)) {
      fields.complain("must be auto, none, required or an object");
    }
    return;
  }
  const Choice choice = read_choice(fields);
  const std::string_view type = choice.type.escaped;
  if (type == "function") {
    if (choice.name.empty()) { fields.complain("name", "is missing"); }
    into.tool_choice = {.kind = ToolChoice::Kind::named, .name = choice.name};
  } else if (type == "allowed_tools") {
    if (!read_mode(choice.mode.escaped, into.tool_choice)) {
      fields.complain("mode", "must be auto or required");
    }
    if (choice.tools.empty()) { fields.complain("tools", "is missing"); }
    keep_allowed(fields, choice.tools, into);
  } else {
    fields.complain("type", type.empty()
                                ? "is missing"
                                : quoted(type) + " can only be forced where the provider runs it");
  }
}

void write_responses_tools(const Conversation& asked, json::Writer& writer) {
  if (asked.tool_choice.kind == ToolChoice::Kind::named) {
    writer.key("tool_choice").begin_object().key("type").string("function");
    writer.key("name").escaped(asked.tool_choice.name.escaped).end_object();
  } else {
    writer.key("tool_choice").string(word_of(asked.tool_choice.kind));
  }
  writer.key("tools").begin_array();
  for (const Tool& tool : asked.tools) { write_tool(tool, writer); }
  writer.end_array();
}

}  // namespace butter::dialect
