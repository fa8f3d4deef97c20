#include <algorithm>
#include <string>
#include <string_view>

#include "config/load.h"
#include "config/section.h"
#include "config/table.h"
#include "json/text.h"

namespace butter::config {

namespace {

std::string json_string(std::string_view text) {
  std::string out;
  json::append_string(out, text);
  return out;
}

/// What a value may be, as members of its schema. Any value may be a text with a variable in it:
/// its type is judged once that is replaced. `pattern` judges only texts, `minimum` only numbers.
std::string json_type(const Field& field) {
  const std::string variable = R"(,"pattern":"\\$\\{.+\\}")";
  const std::string range = R"(,"minimum":)" + field.min + R"(,"maximum":)" + field.max;
  switch (field.kind) {
    case Field::Kind::boolean: return R"("type":["boolean","string"])" + variable;
    case Field::Kind::integer: return R"("type":["integer","string"])" + range + variable;
    case Field::Kind::number: return R"("type":["number","string"])" + range + variable;
    case Field::Kind::text: return R"("type":["string","number","boolean"])";
    case Field::Kind::duration:
      return R"("type":["string","integer"],"minimum":0,"maximum":0,)"
             R"("pattern":"^([0-9.]+(ns|us|µs|μs|ms|s|m|h))+$|^0$|\\$\\{.+\\}")";
    case Field::Kind::size:
      return R"("type":["integer","string"],"minimum":0,)"
             R"("pattern":"^[0-9.]+ ?([KMG]i?)?B?$|\\$\\{.+\\}")";
    case Field::Kind::choice: break;
  }
  std::string names;
  for (const std::string& choice : field.choices) {
    names += (names.empty() ? "" : ",") + json_string(choice);
  }
  return R"("anyOf":[{"enum":[)" + names + R"(]},{"type":"string")" + variable + "}]";
}

/// A default of that kind, as JSON.
std::string json_value(Field::Kind kind, std::string_view text) {
  switch (kind) {
    case Field::Kind::boolean:
    case Field::Kind::integer:
    case Field::Kind::number: return std::string(text);
    case Field::Kind::text:
    case Field::Kind::duration:
    case Field::Kind::size:
    case Field::Kind::choice: break;
  }
  return json_string(text);
}

/// `"default":...`, or nothing.
std::string json_default(const Field& field) {
  return field.fallback.empty() ? "" : R"(,"default":)" + json_value(field.kind, field.fallback);
}

/// The same of a list, whose default is "[a, b]".
std::string json_default(const Values& values, Field::Kind kind) {
  if (values.fallback.empty()) { return ""; }
  std::string items;
  std::string_view rest = values.fallback;
  for (rest = rest.substr(1, rest.size() - 2); !rest.empty();) {
    const std::size_t end = std::min(rest.find(", "), rest.size());
    items += (items.empty() ? "" : ",") + json_value(kind, rest.substr(0, end));
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
  return R"(,"default":[)" + items + ']';
}

/// Writes a section as a JSON schema of type object.
/// Thread: any, one at a time.
class SchemaWriter final : public Section {
 public:
  [[nodiscard]] static std::string write(const Body& body) {
    SchemaWriter writer;
    body(writer);
    return R"("type":["object","null"],"additionalProperties":false,"properties":{)" +
           writer.properties_ + '}';
  }

  void value(std::string_view key, const Field& field, std::string_view doc) override {
    add(key, doc, json_type(field) + json_default(field));
  }

  void values(std::string_view key, const Values& values, std::string_view doc) override {
    const Field item = values.add();
    add(key, doc,
        R"("type":["array","null"],"items":{)" + json_type(item) + '}' +
            json_default(values, item.kind));
  }

  void dictionary(std::string_view key, const Dictionary& names, std::string_view doc) override {
    add(key, doc,
        R"("type":["object","null"],"additionalProperties":{)" + json_type(names.add(names.label)) +
            '}');
  }

  void section(std::string_view key, std::string_view doc, const Body& body) override {
    add(key, doc, write(body));
  }

  void list(std::string_view key, std::string_view doc, const SectionList& list) override {
    const std::string item = '{' + write(list.item) + '}';
    const std::string any = R"("anyOf":[{"type":"string"},)" + item + ']';
    add(key, doc,
        R"("type":["array","null"],"items":)" + (list.shorthand.empty() ? item : '{' + any + '}'));
  }

  void map(std::string_view key, std::string_view doc, const SectionMap& map) override {
    add(key, doc,
        R"("type":["object","null"],"additionalProperties":{)" +
            write([&map](Section& s) { map.item(s, map.label); }) + '}');
  }

 private:
  void add(std::string_view key, std::string_view doc, const std::string& members) {
    if (!properties_.empty()) { properties_ += ','; }
    properties_ +=
        json_string(key) + R"(:{"description":)" + json_string(doc) + ',' + members + '}';
  }

  std::string properties_;
};

/// Compact JSON with line breaks: each member of an object on its own line, lists as they are.
std::string indented(std::string_view json) {
  std::string out;
  std::string open;  // the brackets around this byte
  bool in_string = false;
  const auto new_line = [&] {
    out += '\n' + std::string(2 * static_cast<std::size_t>(std::ranges::count(open, '{')), ' ');
  };
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '"') { in_string = !in_string; }
    if (in_string || c == '"') {
      out += c;
      if (c == '\\') { out += json[++i]; }
      continue;
    }
    if (c == ' ') { continue; }
    const bool closes = c == '}' || c == ']';
    if (closes) { open.pop_back(); }
    if (c == '}') { new_line(); }
    out += c;
    if (c == '{' || c == '[') { open += c; }
    if (c == '{' || (c == ',' && open.back() == '{')) { new_line(); }
    if (c == ':' || (c == ',' && open.back() == '[')) { out += ' '; }
  }
  return out + '\n';
}

}  // namespace

std::string json_schema() {
  Config config;
  const std::string root = SchemaWriter::write([&config](Section& s) { describe(s, config); });
  return indented(R"({"$schema":"https://json-schema.org/draft/2020-12/schema",)"
                  R"("title":"Configuration of Butter",)" +
                  root + '}');
}

}  // namespace butter::config
