#include "dialect/messages_tools.h"

#include <string_view>
#include <utility>

#include "dialect/effort.h"

namespace butter::dialect {

namespace {

void read_tool(Fields& fields, Conversation& into) {
  Tool tool;
  Text type;
  bool says_more = false;
  const Raw whole = fields.peek_raw();
  fields.object([&](json::Key key) {
    if (key == "type") {
      type = fields.text();
    } else if (key == "name") {
      tool.name = fields.text();
    } else if (key == "description") {
      tool.description = fields.text();
    } else if (key == "input_schema") {
      tool.parameters = fields.object_raw();
    } else if (key == "strict") {
      tool.strict = fields.boolean();
    } else if (key == "cache_control") {
      tool.cache_control = fields.object_raw();
    } else {
      says_more = fields.skip_said() || says_more;
    }
  });
  if (!fields.ok()) { return; }
  if (!tool.cache_control.empty()) { into.use(Feature::cache_markers, "cache_control"); }
  if (!type.empty() && type.escaped != "custom") {
    into.tools.push_back({.server = whole});
    return into.use(Feature::server_tools, "tools[].type");
  }
  if (tool.name.empty()) { return fields.complain("name", "is missing"); }
  if (tool.strict) { into.use(Feature::strict_tools, "tools[].strict"); }
  if (says_more) { tool.messages_own = whole; }
  into.use(Feature::tools);
  into.tools.push_back(tool);
}

void read_effort(Fields& fields, Conversation& into) {
  using Effort = Reasoning::Effort;
  const Text word = fields.text();
  if (word.empty()) { return; }
  const auto effort = effort_named(word.escaped);
  if (!effort || *effort == Effort::none || *effort == Effort::minimal) {
    return fields.complain("must be low, medium, high, xhigh or max");
  }
  into.reasoning.effort = *effort;
  into.reasoning.word = word;
  into.use(Feature::reasoning_effort, "output_config.effort");
}

}  // namespace

void read_messages_tools(Fields& fields, Conversation& into) {
  fields.array([&](std::size_t) { read_tool(fields, into); });
}

void read_messages_tool_choice(Fields& fields, Conversation& into) {
  using Kind = ToolChoice::Kind;
  if (fields.is_null()) { return fields.skip(); }
  Text type;
  Text name;
  fields.object([&](json::Key key) {
    if (key == "type") {
      type = fields.text();
    } else if (key == "name") {
      name = fields.text();
    } else if (key == "disable_parallel_tool_use") {
      if (const auto off = fields.boolean()) { into.parallel_tool_calls = !*off; }
      into.use(Feature::parallel_tool_calls, "tool_choice.disable_parallel_tool_use");
    } else {
      fields.skip();
    }
  });
  constexpr std::pair<std::string_view, Kind> kKinds[] = {
      {"auto", Kind::automatic}, {"any", Kind::any}, {"tool", Kind::named}, {"none", Kind::none}};
  for (const auto& [word, kind] : kKinds) {
    if (type.escaped == word) { into.tool_choice = {.kind = kind, .name = name}; }
  }
  if (into.tool_choice.kind == Kind::unset) {
    return fields.complain("type", "must be auto, any, tool or none");
  }
  if (into.tool_choice.kind == Kind::named && name.empty()) {
    return fields.complain("name", "is missing");
  }
  into.use(Feature::tool_choice);
}

void read_messages_thinking(Fields& fields, Conversation& into) {
  const Raw whole = fields.peek_raw();
  Text type;
  std::optional<std::uint64_t> budget;
  if (fields.is_null()) { return fields.skip(); }
  fields.object([&](json::Key key) {
    if (key == "type") {
      type = fields.text();
    } else if (key == "budget_tokens") {
      budget = fields.count();
    } else {
      fields.skip();
    }
  });
  if (type.empty()) { return fields.complain("type", "is missing"); }
  into.reasoning.thinking = whole;
  if (type.escaped == "enabled") {
    if (!budget) { return fields.complain("budget_tokens", "is missing"); }
    into.reasoning.budget = budget;
    into.use(Feature::reasoning_budget, "thinking.budget_tokens");
  } else if (type.escaped == "disabled") {
    into.reasoning.budget = 0;
    into.use(Feature::reasoning_budget, "thinking.type");
  }
  // Else the model decides, as others do that are asked for nothing.
}

void read_messages_output(Fields& fields, Conversation& into) {
  if (fields.is_null()) { return fields.skip(); }
  fields.object([&](json::Key key) {
    if (key == "effort") {
      read_effort(fields, into);
    } else if (key == "format") {
      read_messages_format(fields, into);
    } else if (fields.skip_said()) {
      into.unknown.emplace_back("output_config");
    }
  });
}

void read_messages_format(Fields& fields, Conversation& into) {
  Text type;
  if (fields.is_null()) { return fields.skip(); }
  fields.object([&](json::Key key) {
    if (key == "type") {
      type = fields.text();
    } else if (key == "schema") {
      into.format.schema = fields.object_raw();
    } else {
      fields.skip();
    }
  });
  if (type.escaped != "json_schema") { return fields.complain("type", "must be json_schema"); }
  if (into.format.schema.empty()) { return fields.complain("schema", "is missing"); }
  into.format.kind = ResponseFormat::Kind::json_schema;
  into.use(Feature::json_schema, "output_config.format");
}

}  // namespace butter::dialect
