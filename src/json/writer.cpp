#include "json/writer.h"

#include "json/text.h"

namespace butter::json {

void Writer::separate() {
  if (comma_) { out_.push_back(','); }
  comma_ = true;
}

Writer& Writer::begin_object() {
  separate();
  out_.push_back('{');
  comma_ = false;
  return *this;
}

Writer& Writer::end_object() {
  out_.push_back('}');
  comma_ = true;
  return *this;
}

Writer& Writer::begin_array() {
  separate();
  out_.push_back('[');
  comma_ = false;
  return *this;
}

Writer& Writer::end_array() {
  out_.push_back(']');
  comma_ = true;
  return *this;
}

Writer& Writer::key(std::string_view name) {
  separate();
  out_.push_back('"');
  out_.append(name);
  out_.append("\":");
  comma_ = false;
  return *this;
}

Writer& Writer::string(std::string_view text) {
  separate();
  append_string(out_, text);
  return *this;
}

Writer& Writer::escaped(std::string_view text) {
  return open_string().more(text).close_string();
}

Writer& Writer::raw(std::string_view json) {
  separate();
  out_.append(json);
  return *this;
}

Writer& Writer::number(std::int64_t value) {
  separate();
  if (value < 0) { out_.push_back('-'); }
  const auto bits = static_cast<std::uint64_t>(value);
  out_.append_number(value < 0 ? 0 - bits : bits);
  return *this;
}

Writer& Writer::boolean(bool value) {
  return raw(value ? "true" : "false");
}

Writer& Writer::null() {
  return raw("null");
}

Writer& Writer::open_string() {
  separate();
  out_.push_back('"');
  return *this;
}

Writer& Writer::more(std::string_view escaped_piece) {
  out_.append(escaped_piece);
  return *this;
}

Writer& Writer::close_string() {
  out_.push_back('"');
  return *this;
}

}  // namespace butter::json
