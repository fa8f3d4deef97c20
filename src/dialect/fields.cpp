#include "dialect/fields.h"

#include <charconv>

namespace butter::dialect {

Text Fields::text() {
  return expect('"', "must be a string") ? Text{cursor_.string()} : Text{};
}

std::optional<bool> Fields::boolean() {
  const std::string_view value = cursor_.value();
  if (value == "true" || value == "false") { return value == "true"; }
  if (value != "null") { complain("must be true or false"); }
  return std::nullopt;
}

std::optional<std::uint64_t> Fields::count() {
  const std::string_view value = cursor_.value();
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error == std::errc{} && end == value.data() + value.size()) { return number; }
  if (value != "null") { complain("must be a whole number"); }
  return std::nullopt;
}

Raw Fields::number() {
  const std::string_view value = cursor_.value();
  double number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  const bool ends_in_digit =
      !value.empty() && value.back() >= '0' && value.back() <= '9';  // no "nan"
  if (error == std::errc{} && end == value.data() + value.size() && ends_in_digit) {
    return {value};
  }
  if (value != "null") { complain("must be a number"); }
  return {};
}

Raw Fields::object_raw() {
  return expect('{', "must be an object") ? Raw{cursor_.value()} : Raw{};
}

Raw Fields::any() {
  const std::string_view value = cursor_.value();
  return value == "null" ? Raw{} : Raw{value};
}

bool Fields::expect(char first, std::string_view complaint) {
  if (cursor_.peek() == first) { return true; }
  if (!is_null()) { complain(complaint); }
  cursor_.skip_value();
  return false;
}

void Fields::complain(std::string_view what) {
  if (!ok()) { return; }
  append_path(inner_, complaint_);
  (complaint_ += complaint_.empty() ? "the request " : ": ") += what;
}

void Fields::complain(std::string_view key, std::string_view what) {
  within(key, kNoIndex, [&] { complain(what); });
}

void Fields::append_path(const Step* step, std::string& path) {
  if (step == nullptr) { return; }
  append_path(step->outer, path);
  if (step->index != kNoIndex) {
    path += '[' + std::to_string(step->index) + ']';
  } else {
    (path += path.empty() ? "" : ".") += step->key;
  }
}

Result<void> Fields::result() const {
  if (!ok()) { return fail(Errc::bad_request, complaint_); }
  if (!cursor_.ok()) { return fail(Errc::bad_request, "the request is no well-formed JSON"); }
  return {};
}

}  // namespace butter::dialect
