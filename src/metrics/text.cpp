#include "metrics/text.h"

#include <charconv>
#include <cmath>

namespace butter::metrics {

namespace {

/// Escapes for the inside of a label value, or of a HELP text, where quotes stay as they are.
void append_escaped(std::string& out, std::string_view text, std::string_view escaped) {
  for (const char c : text) {
    if (escaped.find(c) == std::string_view::npos) {
      out += c;
    } else {
      out += '\\';
      out += c == '\n' ? 'n' : c;
    }
  }
}

template <class T>
void append_chars(std::string& out, T value) {
  char digits[32];  // "-1.7976931348623157e+308" has 24
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, end);
}

void append_number(std::string& out, double value) {
  constexpr double kPlain = 1e15;  // whole numbers below it are written without exponent
  if (std::isnan(value)) {
    out += "NaN";
  } else if (std::isinf(value)) {
    out += value > 0 ? "+Inf" : "-Inf";
  } else if (value == std::trunc(value) && std::abs(value) < kPlain) {
    append_chars(out, static_cast<std::int64_t>(value));
  } else {
    append_chars(out, value);
  }
}

}  // namespace

void TextWriter::family(std::string_view name, std::string_view help, std::string_view type) {
  out_ += "# HELP ";
  out_ += name;
  out_ += ' ';
  append_escaped(out_, help, "\\\n");
  out_ += "\n# TYPE ";
  out_ += name;
  out_ += ' ';
  out_ += type;
  out_ += '\n';
}

void TextWriter::series(std::string_view name, std::string_view suffix,
                        std::span<const Label> labels, std::string_view le) {
  out_ += name;
  out_ += suffix;
  char separator = '{';
  const auto label = [&](std::string_view key, std::string_view value) {
    out_ += separator;
    out_ += key;
    out_ += "=\"";
    append_escaped(out_, value, "\\\"\n");
    out_ += '"';
    separator = ',';
  };
  for (const auto& [key, value] : labels) { label(key, value); }
  if (!le.empty()) { label("le", le); }
  if (separator == ',') { out_ += '}'; }
  out_ += ' ';
}

void TextWriter::sample(std::string_view name, std::span<const Label> labels, std::uint64_t value) {
  series(name, "", labels, "");
  append_chars(out_, value);
  out_ += '\n';
}

void TextWriter::sample(std::string_view name, std::span<const Label> labels, double value) {
  series(name, "", labels, "");
  append_number(out_, value);
  out_ += '\n';
}

void TextWriter::histogram(std::string_view name, std::span<const Label> labels,
                           const HistogramValues& values) {
  std::uint64_t count = 0;
  std::string le;
  for (std::size_t i = 0; i < values.buckets.size(); ++i) {
    count += values.buckets[i];
    le = "+Inf";
    if (i < values.bounds.size()) {
      le.clear();
      append_number(le, values.bounds[i]);
    }
    series(name, "_bucket", labels, le);
    append_chars(out_, count);
    out_ += '\n';
  }
  series(name, "_sum", labels, "");
  append_number(out_, static_cast<double>(values.sum_ns) / 1e9);
  out_ += '\n';
  series(name, "_count", labels, "");
  append_chars(out_, count);
  out_ += '\n';
}

}  // namespace butter::metrics
