#include "config/field.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iomanip>
#include <sstream>

#include "base/strings.h"
#include "config/diagnostics.h"
#include "config/units.h"

namespace butter::config {

namespace {

/// The number that all of `text` is; nullopt when it is none or infinite.
std::optional<double> as_number(const Scalar& scalar) {
  std::string_view text = scalar.text;
  if (text.starts_with('+')) { text.remove_prefix(1); }
  double value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (!scalar.plain || ec != std::errc{} || end != text.data() + text.size() ||
      !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

/// Decimal, 0x, 0o; also a number with a fraction of zero, such as 1e3.
std::optional<std::int64_t> as_integer(const Scalar& scalar) {
  if (!scalar.plain) { return std::nullopt; }
  std::string_view text = scalar.text;
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0o")) {
    base = text[1] == 'x' ? 16 : 8;
    text.remove_prefix(2);
  }
  std::int64_t value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (ec == std::errc{} && end == text.data() + text.size()) { return value; }
  constexpr double kExact = 9007199254740992.0;  // 2^53: above it not every integer is a double
  const std::optional<double> number = as_number(scalar);
  if (!number || std::abs(*number) > kExact || *number != std::trunc(*number)) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(*number);
}

std::optional<bool> as_boolean(const Scalar& scalar) {
  constexpr std::string_view kTrue[] = {"true", "yes", "on"};
  constexpr std::string_view kFalse[] = {"false", "no", "off"};
  const auto is = [&scalar](std::string_view word) { return iequals(scalar.text, word); };
  if (scalar.plain && std::ranges::any_of(kTrue, is)) { return true; }
  if (scalar.plain && std::ranges::any_of(kFalse, is)) { return false; }
  return std::nullopt;
}

std::string show(double value) {
  std::ostringstream out;
  out << std::setprecision(15) << value;
  return out.str();
}

/// What a field of this kind says about a value that it does not take.
std::string mismatch(const Field& field, const Scalar& scalar) {
  return "expected " + expected(field) + ", got " + quoted(scalar.shown);
}

/// A bare number is refused with the words of the Go program: "30" what?
Refusal refuse_bare_number(const Scalar& scalar) {
  const std::string shown = '`' + std::string(scalar.shown) + '`';
  if (scalar.text == "0") { return std::nullopt; }
  if (as_integer(scalar)) {
    return "cannot unmarshal !!int " + shown + " into a duration; write \"" +
           std::string(scalar.shown) + "s\"";
  }
  if (as_number(scalar)) { return "cannot unmarshal !!float " + shown + " into a duration"; }
  return std::nullopt;
}

}  // namespace

Field boolean(bool& value) {
  Field field{.kind = Field::Kind::boolean, .fallback = value ? "true" : "false"};
  field.set = [&value, shape = field](const Scalar& scalar) -> Refusal {
    const auto flag = as_boolean(scalar);
    if (!flag) { return mismatch(shape, scalar); }
    value = *flag;
    return std::nullopt;
  };
  return field;
}

Field number(double& value, Range<double> range) {
  Field field{.kind = Field::Kind::number,
              .fallback = show(value),
              .min = show(range.min),
              .max = show(range.max)};
  field.set = [&value, range, shape = field](const Scalar& scalar) -> Refusal {
    const auto read = as_number(scalar);
    if (!read || *read < range.min || *read > range.max) { return mismatch(shape, scalar); }
    value = *read;
    return std::nullopt;
  };
  return field;
}

Field integer_field(std::int64_t fallback, Range<std::int64_t> range,
                    std::function<void(std::int64_t)> set) {
  Field field{.kind = Field::Kind::integer,
              .fallback = std::to_string(fallback),
              .min = std::to_string(range.min),
              .max = std::to_string(range.max)};
  field.set = [set = std::move(set), range, shape = field](const Scalar& scalar) -> Refusal {
    const auto read = as_integer(scalar);
    if (!read || *read < range.min || *read > range.max) { return mismatch(shape, scalar); }
    set(*read);
    return std::nullopt;
  };
  return field;
}

Field text(std::string& value, Check check) {
  Field field{.kind = Field::Kind::text, .fallback = value};
  field.set = [&value, check](const Scalar& scalar) -> Refusal {
    if (Refusal refusal = check == nullptr ? std::nullopt : check(scalar.text)) {
      // What has an @ may have a password before it.
      if (scalar.shown.find('@') == std::string_view::npos) {
        *refusal += ", got " + quoted(scalar.shown);
      }
      return refusal;
    }
    value = scalar.text;
    return std::nullopt;
  };
  return field;
}

Field secret(Secret& value) {
  Field field{.kind = Field::Kind::text};
  field.set = [&value](const Scalar& scalar) -> Refusal {
    const auto unfit = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; };
    if (std::ranges::any_of(scalar.text, unfit)) {
      return "holds a blank, a line break or a control character";
    }
    value = Secret(std::string(scalar.text));
    return std::nullopt;
  };
  return field;
}

Field duration(Duration& value, Range<Duration> range) {
  Field field{.kind = Field::Kind::duration,
              .fallback = format_duration(value),
              .min = format_duration(range.min),
              .max = format_duration(range.max)};
  field.set = [&value, range, shape = field](const Scalar& scalar) -> Refusal {
    if (Refusal refusal = refuse_bare_number(scalar)) { return refusal; }
    const auto read = parse_duration(scalar.text);
    if (!read) { return read.error() + ", got " + quoted(scalar.shown); }
    if (*read < range.min || *read > range.max) { return mismatch(shape, scalar); }
    value = *read;
    return std::nullopt;
  };
  return field;
}

Field size(std::uint64_t& value, Range<std::uint64_t> range) {
  Field field{.kind = Field::Kind::size,
              .fallback = format_size(value),
              .min = format_size(range.min),
              .max = format_size(range.max)};
  field.set = [&value, range, shape = field](const Scalar& scalar) -> Refusal {
    const auto read = parse_size(scalar.text);
    if (!read) { return read.error() + ", got " + quoted(scalar.shown); }
    if (*read < range.min || *read > range.max) { return mismatch(shape, scalar); }
    value = *read;
    return std::nullopt;
  };
  return field;
}

Field choice_field(std::string_view fallback, std::vector<std::string> choices,
                   std::function<void(std::size_t)> set) {
  Field field{.kind = Field::Kind::choice,
              .fallback = std::string(fallback),
              .choices = std::move(choices)};
  field.set = [set = std::move(set), shape = field](const Scalar& scalar) -> Refusal {
    const auto found = std::ranges::find(shape.choices, scalar.text);
    if (found == shape.choices.end()) {
      return mismatch(shape, scalar) + did_you_mean(scalar.shown, shape.choices);
    }
    set(static_cast<std::size_t>(found - shape.choices.begin()));
    return std::nullopt;
  };
  return field;
}

std::string expected(const Field& field) {
  const std::string range = field.max.empty() ? "" : " from " + field.min + " to " + field.max;
  switch (field.kind) {
    case Field::Kind::boolean: return "true or false";
    case Field::Kind::integer: return "an integer" + range;
    case Field::Kind::number: return "a number" + range;
    case Field::Kind::text: return "a text";
    case Field::Kind::duration: return "a duration" + range;
    case Field::Kind::size: return "a size" + range;
    case Field::Kind::choice: break;
  }
  std::string out = "one of ";
  for (const std::string& choice : field.choices) {
    out += (&choice == &field.choices.front() ? "" : ", ") + choice;
  }
  return out;
}

}  // namespace butter::config
