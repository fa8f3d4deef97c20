#include "provider/mock_schema.h"

#include <string_view>

#include "json/text.h"

namespace butter::provider::mock {

namespace {

namespace dom = simdjson::dom;

constexpr int kDeepest = 8;

/// The schema's type; the first one when there are several.
std::string_view type_of(dom::element schema) {
  std::string_view type;
  if (schema["type"].get(type) == simdjson::SUCCESS) { return type; }
  if (schema["type"].at(0).get(type) == simdjson::SUCCESS) { return type; }
  dom::object properties;
  return schema["properties"].get(properties) == simdjson::SUCCESS ? "object" : "";
}

void append_object(std::string& out, dom::element schema, int depth) {
  out += '{';
  dom::object properties;
  if (schema["properties"].get(properties) == simdjson::SUCCESS) {
    bool first = true;
    for (const auto& [name, value] : properties) {
      if (!first) { out += ','; }
      first = false;
      json::append_string(out, name);
      out += ':';
      append_sample(out, value, depth + 1);
    }
  }
  out += '}';
}

/// A value that the schema names. \return false when it names none
bool append_named(std::string& out, dom::element schema, int depth) {
  dom::element named;
  if (schema["const"].get(named) == simdjson::SUCCESS ||
      schema["enum"].at(0).get(named) == simdjson::SUCCESS) {
    out += simdjson::minify(named);
    return true;
  }
  for (const char* key : {"anyOf", "oneOf", "allOf"}) {
    if (schema[key].at(0).get(named) != simdjson::SUCCESS) { continue; }
    append_sample(out, named, depth + 1);
    return true;
  }
  return false;
}

}  // namespace

void append_sample(std::string& out, simdjson::dom::element schema, int depth) {
  if (depth > kDeepest || !schema.is_object()) {
    out += "null";
    return;
  }
  if (append_named(out, schema, depth)) { return; }
  const std::string_view type = type_of(schema);
  if (type == "object") {
    append_object(out, schema, depth);
  } else if (type == "array") {
    out += "[]";
  } else if (type == "string") {
    out += R"("text")";
  } else if (type == "integer" || type == "number") {
    out += '0';
  } else if (type == "boolean") {
    out += "false";
  } else {
    out += "null";
  }
}

}  // namespace butter::provider::mock
