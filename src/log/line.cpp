#include "log/line.h"

#include <charconv>
#include <cmath>

#include "json/text.h"

namespace butter::log {

namespace {

constexpr std::size_t kLongestNumber = 32;  // "-1.7976931348623157e+308" has 24

template <class T>
void append_number(Buffer& out, T value) {
  char* const first = out.prepare(kLongestNumber);
  const char* const end = std::to_chars(first, first + kLongestNumber, value).ptr;
  out.commit(static_cast<std::size_t>(end - first));
}

}  // namespace

std::string_view to_string(Level level) noexcept {
  switch (level) {
    case Level::debug: return "DEBUG";
    case Level::info: return "INFO";
    case Level::warn: return "WARN";
    case Level::error: return "ERROR";
  }
  __builtin_unreachable();
}

void LineWriter::begin(Level level, std::string_view message, WallTime time) {
  buffer_.append("{\"time\":\"");
  time_text_.append(buffer_, time);
  buffer_.append("\",\"level\":\"");
  buffer_.append(to_string(level));
  buffer_.append("\",\"msg\":");
  json::append_string(buffer_, message);
}

void LineWriter::add(const Field& field) {
  buffer_.push_back(',');
  json::append_string(buffer_, field.name);
  buffer_.push_back(':');
  switch (field.kind) {
    case Field::Kind::text: json::append_string(buffer_, field.text); break;
    case Field::Kind::signed_number: append_number(buffer_, field.signed_number); break;
    case Field::Kind::unsigned_number: append_number(buffer_, field.unsigned_number); break;
    case Field::Kind::truth: buffer_.append(field.truth ? "true" : "false"); break;
    case Field::Kind::real:
      if (std::isfinite(field.real)) {
        append_number(buffer_, field.real);
      } else {
        buffer_.append("null");
      }
      break;
  }
}

void LineWriter::end() {
  buffer_.append("}\n");
}

}  // namespace butter::log
