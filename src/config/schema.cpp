#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

/// Any value may be a text with a variable in it; its type is judged once that is replaced.
constexpr std::string_view kVariable = R"({"type":"string","pattern":"\\$\\{.+\\}"})";

std::string json_type(const Field& field) {
  switch (field.kind) {
    case Field::Kind::boolean: return R"({"type":"boolean"})";
    case Field::Kind::integer:
    case Field::Kind::number: {
      const std::string type = field.kind == Field::Kind::integer ? "integer" : "number";
      return R"({"type":")" + type + R"(","minimum":)" + field.min + R"(,"maximum":)" + field.max +
             '}';
    }
    case Field::Kind::text: return R"({"type":["string","number","boolean"]})";
    case Field::Kind::duration:
      return R"({"type":"string","pattern":"^([0-9.]+(ns|us|µs|μs|ms|s|m|h))+$|^0$"},{"const":0})";
    case Field::Kind::size:
      return R"({"type":"integer","minimum":0},{"type":"string","pattern":"^[0-9.]+ ?([KMG]i?)?B?$"})";
    case Field::Kind::choice: break;
  }
  std::string names;
  for (const std::string& choice : field.choices) {
    names += (names.empty() ? "" : ",") + json_string(choice);
  }
  return R"({"enum":[)" + names + "]}";
}

/// `"default":...`, or nothing.
std::string json_default(const Field& field) {
  if (field.fallback.empty()) { return ""; }
  switch (field.kind) {
    case Field::Kind::boolean:
    case Field::Kind::integer:
    case Field::Kind::number: return R"(,"default":)" + field.fallback;
    case Field::Kind::text:
    case Field::Kind::duration:
    case Field::Kind::size:
    case Field::Kind::choice: break;
  }
  return R"(,"default":)" + json_string(field.fallback);
}

std::string any_type(const Field& field) {
  std::string types = json_type(field);
  if (field.kind != Field::Kind::text) { types += ',' + std::string(kVariable); }
  return R"("anyOf":[)" + types + ']';
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
    add(key, doc, any_type(field) + json_default(field));
  }

  void values(std::string_view key, const Values& values, std::string_view doc) override {
    const std::string fallback = values.fallback.empty() ? "" : R"(,"default":)" + values.fallback;
    add(key, doc, R"("type":["array","null"],"items":{)" + any_type(values.add()) + '}' + fallback);
  }

  void dictionary(std::string_view key, const Dictionary& names, std::string_view doc) override {
    add(key, doc,
        R"("type":["object","null"],"additionalProperties":{)" + any_type(names.add(names.label)) +
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

/// Line breaks and indentation for compact JSON; empty and innermost brackets stay on one line.
std::string indented(std::string_view json) {
  std::string out;
  std::size_t depth = 0;
  bool in_string = false;
  const auto new_line = [&out, &depth] { out += '\n' + std::string(2 * depth, ' '); };
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    const bool opens = !in_string && c == '{';
    const bool closes = !in_string && c == '}';
    if (closes) {
      --depth;
      new_line();
    }
    out += c;
    if (in_string && c == '\\') {
      out += json[++i];
    } else if (c == '"') {
      in_string = !in_string;
    } else if (opens) {
      ++depth;
      new_line();
    } else if (!in_string && c == ',' && json[i + 1] == '"' && json[i - 1] != ']') {
      new_line();
    } else if (!in_string && c == ':') {
      out += ' ';
    }
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
