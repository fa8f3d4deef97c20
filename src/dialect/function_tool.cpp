#include "dialect/function_tool.h"

namespace butter::dialect {

Tool read_function_tool(Fields& fields, Conversation& into, std::string_view strict) {
  Tool tool;
  fields.object([&](json::Key key) {
    if (key == "name") {
      tool.name = fields.text();
    } else if (key == "description") {
      tool.description = fields.text();
    } else if (key == "parameters") {
      tool.parameters = fields.object_raw();
    } else if (key == "strict") {
      tool.strict = fields.boolean();
    } else {
      fields.skip();
    }
  });
  if (tool.name.empty()) { fields.complain("name", "is missing"); }
  // Not to be held to the schema is what a provider without the word does.
  if (tool.strict.value_or(false)) { into.use(Feature::strict_tools, strict); }
  return tool;
}

}  // namespace butter::dialect
