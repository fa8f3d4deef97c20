#include "dialect/chat_tools.h"

#include <string_view>

#include "base/strings.h"
#include "dialect/function_tool.h"

namespace butter::dialect {

namespace {

constexpr std::string_view kStrict = "tools[].function.strict";

void read_tool(Fields& fields, Conversation& into) {
  Tool tool;
  Text type;
  Raw function;
  Raw cache_control;
  const Raw whole = fields.peek_raw();
  fields.object([&](json::Key key) {
    if (key == "type") {
      type = fields.text();
    } else if (key == "function") {
      function = fields.object_raw();
    } else if (key == "cache_control") {
      cache_control = fields.object_raw();
      if (!cache_control.empty()) { into.use(Feature::cache_markers, "cache_control"); }
    } else {
      fields.skip();
    }
  });
  if (type.escaped == "function") {
    if (function.empty()) { return fields.complain("function", "is missing"); }
    fields.at("function", function, [&] { tool = read_function_tool(fields, into, kStrict); });
    into.use(Feature::tools);
  } else if (type.empty()) {
    return fields.complain("type", "is missing");
  } else {
    tool.server = whole;
    into.use(Feature::server_tools, "tools[].type");
  }
  tool.cache_control = cache_control;
  into.tools.push_back(tool);
}

void choose(Fields& fields, Text word, Conversation& into) {
  using Kind = ToolChoice::Kind;
  if (word.escaped == "none") {
    into.tool_choice.kind = Kind::none;
  } else if (word.escaped == "auto") {
    into.tool_choice.kind = Kind::automatic;
  } else if (word.escaped == "required") {
    into.tool_choice.kind = Kind::any;
  } else {
    fields.complain("must be none, auto, required or an object");
  }
}

void read_allowed(Fields& fields, Conversation& into) {
  fields.object([&](json::Key key) {
    if (key != "mode") { return fields.skip(); }
    choose(fields, fields.text(), into);
  });
  into.unknown.push_back("tool_choice.allowed_tools");
}

}  // namespace

void read_chat_tools(Fields& fields, Conversation& into) {
  fields.array([&](std::size_t) { read_tool(fields, into); });
}

void read_chat_functions(Fields& fields, Conversation& into) {
  fields.array([&](std::size_t) {
    into.tools.push_back(read_function_tool(fields, into, kStrict));
    into.use(Feature::tools, "functions");
  });
}

void read_chat_tool_choice(Fields& fields, Conversation& into) {
  if (fields.is_null()) { return fields.skip(); }
  into.use(Feature::tool_choice);
  if (fields.is_string()) { return choose(fields, fields.text(), into); }
  const auto name = [&](json::Key key) {
    if (key != "name") { return fields.skip(); }
    into.tool_choice = {.kind = ToolChoice::Kind::named, .name = fields.text()};
  };
  fields.object([&](json::Key key) {
    if (key == "function") { return fields.object(name); }
    if (key == "allowed_tools") { return read_allowed(fields, into); }
    name(key);
  });
  if (into.tool_choice.kind == ToolChoice::Kind::unset) { fields.complain("must name a function"); }
}

void read_chat_format(Fields& fields, Conversation& into) {
  Text type;
  ResponseFormat format;
  const auto schema = [&](json::Key key) {
    if (key == "name") {
      format.name = fields.text();
    } else if (key == "description") {
      format.description = fields.text();
    } else if (key == "schema") {
      format.schema = fields.object_raw();
    } else if (key == "strict") {
      format.strict = fields.boolean();
    } else {
      fields.skip();
    }
  };
  if (fields.is_null()) { return fields.skip(); }
  fields.object([&](json::Key key) {
    if (key == "type") {
      type = fields.text();
    } else if (key == "json_schema") {
      fields.object(schema);
    } else {
      fields.skip();
    }
  });
  if (type.escaped == "json_object") {
    format.kind = ResponseFormat::Kind::json_object;
    into.use(Feature::json_object, "response_format");
  } else if (type.escaped == "json_schema") {
    format.kind = ResponseFormat::Kind::json_schema;
    into.use(Feature::json_schema, "response_format");
    if (format.schema.empty()) { fields.complain("json_schema", "has no schema"); }
  } else if (type.escaped != "text") {
    fields.complain("type", "must be text, json_object or json_schema");
  }
  into.format = format;
}

}  // namespace butter::dialect
