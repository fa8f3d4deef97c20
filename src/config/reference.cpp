#include <string>
#include <string_view>
#include <utility>

#include "config/diagnostics.h"
#include "config/load.h"
#include "config/section.h"
#include "config/table.h"

namespace butter::config {

namespace {

constexpr std::string_view kIntroduction =
    R"(# Configuration

One YAML file, `config.yaml` by default. Every key may be left out. All mistakes of a file are reported
at once, each with its line and column; a key that is not listed here is a mistake. While the program
runs it reads the file again when it changes; a file with mistakes changes nothing.

- **Variables.** `${NAME}` in a value is replaced by the environment variable; `${NAME:-text}` gives
  `text` when it is not set or empty. A variable that is not set is a mistake, but for a provider that
  no route names: that one is off, with a warning.
- **Durations** have a unit: `100ms`, `30s`, `1m30s`, `1.5h`. A bare number is a mistake, apart from 0.
- **Sizes** are bytes: `65536`, `64KiB`, `64MiB` (powers of 1024), `64KB`, `64MB` (powers of 1000).
- `<<` merges mappings, and anchors and aliases are followed.

This page is made from the table that the parser reads; so is `config.schema.json`.
)";

std::string code(std::string_view text) {
  return '`' + std::string(text) + '`';
}

std::string type_of(const Field& field) {
  const std::string range =
      field.max.empty() ? "" : ", " + code(field.min) + " to " + code(field.max);
  switch (field.kind) {
    case Field::Kind::boolean: return "bool";
    case Field::Kind::integer: return "integer" + range;
    case Field::Kind::number: return "number" + range;
    case Field::Kind::text: return "text";
    case Field::Kind::duration: return "duration" + range;
    case Field::Kind::size: return "size" + range;
    case Field::Kind::choice: break;
  }
  std::string out;
  for (const std::string& choice : field.choices) {
    out += (out.empty() ? "" : ", ") + code(choice);
  }
  return "one of " + out;
}

/// Writes a section as a heading and a table; the sections in it follow.
/// Thread: any, one at a time.
class ReferenceWriter final : public Section {
 public:
  [[nodiscard]] static std::string write(const std::string& path, std::string_view doc,
                                         const Body& body) {
    ReferenceWriter writer(path);
    body(writer);
    std::string out;
    if (!path.empty()) { out += "\n## `" + path + "`\n\n" + std::string(doc) + '\n'; }
    if (!writer.rows_.empty()) {
      out += "\n| key | type | default | meaning |\n|---|---|---|---|\n" + writer.rows_;
    }
    return out + writer.sections_;
  }

  void value(std::string_view key, const Field& field, std::string_view doc) override {
    row(key, type_of(field), field.fallback, doc);
  }

  void values(std::string_view key, const Values& values, std::string_view doc) override {
    row(key, "list of " + type_of(values.add()), values.fallback, doc);
  }

  void dictionary(std::string_view key, const Dictionary& names, std::string_view doc) override {
    row(std::string(key) + ".<" + std::string(names.label) + '>', type_of(names.add(names.label)),
        "", doc);
  }

  void section(std::string_view key, std::string_view doc, const Body& body) override {
    sections_ += write(join_path(path_, key), doc, body);
  }

  void list(std::string_view key, std::string_view doc, const SectionList& list) override {
    sections_ += write(join_path(path_, key) + "[]", doc, list.item);
  }

  void map(std::string_view key, std::string_view doc, const SectionMap& map) override {
    sections_ += write(join_path(path_, key) + ".<" + std::string(map.label) + '>', doc,
                       [&map](Section& s) { map.item(s, map.label); });
  }

 private:
  explicit ReferenceWriter(std::string path) : path_(std::move(path)) {}

  void row(std::string_view key, const std::string& type, std::string_view fallback,
           std::string_view doc) {
    rows_ += "| " + code(key) + " | " + type + " | " + (fallback.empty() ? "" : code(fallback)) +
             " | " + std::string(doc) + " |\n";
  }

  std::string path_;
  std::string rows_;
  std::string sections_;
};

}  // namespace

std::string reference_page() {
  Config config;
  return std::string(kIntroduction) +
         ReferenceWriter::write("", "", [&config](Section& s) { describe(s, config); });
}

}  // namespace butter::config
