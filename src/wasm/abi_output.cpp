#include <charconv>
#include <system_error>

#include "base/strings.h"
#include "json/cursor.h"
#include "json/text.h"
#include "wasm/abi.h"
#include "wasm/go_json.h"
#include "wasm/header_name.h"

namespace butter::wasm {

namespace {

constexpr int kDefaultStatus = 400;

std::string_view type_of(char first) noexcept {
  switch (first) {
    case '{': return "object";
    case '[': return "array";
    case '"': return "string";
    case 't':
    case 'f': return "bool";
    case 'n': return "null";
    default: return "number";
  }
}

/// Reads the members of an answer that is known to be JSON. The first mistake stays.
class OutputReader {
 public:
  explicit OutputReader(std::string_view json) : cursor_(json) {}

  Result<HookOutput> read() {
    if (const char first = cursor_.peek(); first != '{') {
      if (first != 'n') { wrong_type("", "object"); }
      return finished();
    }
    cursor_.object([this](std::string_view key) { member(decoded(key)); });
    return finished();
  }

 private:
  /// What stands between the quotes of a string, without escapes; "" when they are malformed.
  static std::string decoded(std::string_view raw) {
    std::string text;
    return json::unescape(raw, text) ? text : std::string();
  }

  void member(const std::string& key) {
    if (iequals(key, "body")) {
      output_.body = std::string(cursor_.value());
    } else if (iequals(key, "metadata")) {
      metadata();
    } else if (iequals(key, "headers")) {
      headers();
    } else if (iequals(key, "short_circuit")) {
      short_circuit();
    } else if (iequals(key, "short_circuit_body")) {
      answer_.body = std::string(cursor_.value());
    } else if (iequals(key, "short_circuit_status")) {
      status();
    } else {
      cursor_.skip_value();
    }
  }

  /// Steps over the value when it is null, or not of the type that begins with `first`.
  bool is(char first, std::string_view field, std::string_view type) {
    const char found = cursor_.peek();
    if (found == first) { return true; }
    if (found != 'n') { wrong_type(field, type); }
    cursor_.skip_value();
    return false;
  }

  void metadata() {
    if (!is('{', "metadata", "object")) { return; }
    cursor_.object([this](std::string_view key) {
      output_.metadata[decoded(key)] = std::string(cursor_.value());
    });
  }

  void headers() {
    if (!is('{', "headers", "object")) { return; }
    cursor_.object([this](std::string_view key) {
      std::string name = decoded(key);
      if (!is('"', "headers", "string")) { return; }
      std::string value = decoded(cursor_.string());
      if (!may_be_set(name)) {
        mistake("header " + quoted(name) + " may not be set");
      } else if (!is_field_value(value)) {
        mistake("header " + quoted(name) + " has a control byte");
      } else {
        output_.headers.emplace_back(std::move(name), std::move(value));
      }
    });
  }

  void short_circuit() {
    const std::string_view value = cursor_.value();
    if (value == "true") {
      stops_ = true;
    } else if (value == "false") {
      stops_ = false;
    } else if (value != "null") {
      wrong_type("short_circuit", "bool", type_of(value.front()));
    }
  }

  void status() {
    const std::string_view value = cursor_.value();
    if (value == "null") { return; }
    int status = 0;
    const auto [end, error] = std::from_chars(value.begin(), value.end(), status);
    if (error != std::errc{} || end != value.end()) {
      wrong_type("short_circuit_status", "int", type_of(value.front()));
    } else if (status != 0 && (status < 200 || status > 599)) {
      mistake("short_circuit_status is " + std::to_string(status) + ", not from 200 to 599");
    } else {
      answer_.status = status == 0 ? kDefaultStatus : status;
    }
  }

  void wrong_type(std::string_view field, std::string_view type) {
    wrong_type(field, type, type_of(cursor_.peek()));
  }
  void wrong_type(std::string_view field, std::string_view type, std::string_view found) {
    std::string text = "json: cannot unmarshal ";
    text.append(found).append(" into ");
    if (!field.empty()) { text.append("field ").append(field).append(" of type "); }
    mistake(text.append(type));
  }
  void mistake(std::string text) {
    if (mistake_.empty()) { mistake_ = std::move(text); }
  }

  Result<HookOutput> finished() {
    if (!mistake_.empty()) { return fail(Errc::bad_request, "unmarshal response: " + mistake_); }
    if (stops_) { output_.short_circuit = std::move(answer_); }
    return std::move(output_);
  }

  json::Cursor cursor_;
  HookOutput output_;
  HookOutput::Answer answer_;
  bool stops_ = false;
  std::string mistake_;
};

}  // namespace

Result<HookOutput> read_output(std::string_view json) {
  if (json.empty()) { return HookOutput{}; }
  if (!is_json(json)) { return fail(Errc::bad_request, "unmarshal response: not a JSON text"); }
  return OutputReader(json).read();
}

}  // namespace butter::wasm
