#include "golden_dialects/golden_file.h"

#include "json/cursor.h"

namespace butter::golden {

namespace {

constexpr std::string_view kTitle = "=== ";
constexpr std::size_t kWidth = 110;

std::string_view next_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

void read_head_line(std::string_view line, GoldenFile& file) {
  file.head.append(line) += '\n';
  const std::size_t colon = line.find(": ");
  if (line.starts_with('#') || colon == std::string_view::npos) { return; }
  file.keys.emplace(line.substr(0, colon), line.substr(colon + 2));
}

void strip_line_ends(std::string& text) {
  text.erase(0, std::min(text.find_first_not_of('\n'), text.size()));
  text.erase(text.find_last_not_of('\n') + 1);
}

void lay_out(std::string_view value, std::size_t indent, std::string& out) {
  const bool is_object = value.starts_with('{');
  if (value.size() + indent <= kWidth || (!is_object && !value.starts_with('['))) {
    out += value;
    return;
  }
  json::Cursor cursor(value);
  std::string_view separator = "\n";
  const auto place = [&] {
    out.append(separator).append(indent + 2, ' ');
    separator = ",\n";
  };
  out += value.front();
  if (is_object) {
    cursor.object([&](std::string_view key) {
      place();
      out.append("\"").append(key).append("\": ");
      lay_out(cursor.value(), indent + 2, out);
    });
  } else {
    cursor.array([&] {
      place();
      lay_out(cursor.value(), indent + 2, out);
    });
  }
  out.append("\n").append(indent, ' ') += is_object ? '}' : ']';
}

}  // namespace

GoldenFile GoldenFile::parse(std::string_view text) {
  GoldenFile file;
  while (!text.empty()) {
    const std::string_view line = next_line(text);
    if (line.starts_with(kTitle)) {
      file.sections.push_back({.title = std::string(line.substr(kTitle.size()))});
    } else if (file.sections.empty()) {
      read_head_line(line, file);
    } else {
      file.sections.back().body.append(line) += '\n';
    }
  }
  strip_line_ends(file.head);
  for (Section& section : file.sections) { strip_line_ends(section.body); }
  return file;
}

std::string GoldenFile::text() const {
  std::string out = head + '\n';
  for (const Section& section : sections) {
    out += '\n' + std::string(kTitle) + section.title + '\n' + section.body;
    if (!section.body.empty()) { out += '\n'; }
  }
  return out;
}

std::string_view GoldenFile::key(std::string_view name) const {
  const auto found = keys.find(name);
  return found != keys.end() ? std::string_view(found->second) : std::string_view{};
}

std::string laid_out(std::string_view json) {
  json::Cursor cursor(json);
  const std::string_view value = cursor.value();
  if (!cursor.ok() || cursor.peek() != '\0') { return "not JSON: " + std::string(json); }
  std::string out;
  lay_out(value, 0, out);
  return out;
}

}  // namespace butter::golden
