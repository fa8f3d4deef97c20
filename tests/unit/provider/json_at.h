#pragma once

#include <simdjson.h>

#include <string>
#include <string_view>

namespace butter::provider::test {

/// What stands at a JSON pointer ("/choices/0/index"): a string's text, else the value as JSON.
/// "absent" when there is nothing, "not JSON" when `text` is none.
inline std::string json_at(std::string_view text, std::string_view pointer) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  const simdjson::padded_string padded(text);
  if (parser.parse(padded).get(root) != simdjson::SUCCESS) { return "not JSON"; }
  simdjson::dom::element value;
  if (root.at_pointer(pointer).get(value) != simdjson::SUCCESS) { return "absent"; }
  std::string_view string;
  return value.get(string) == simdjson::SUCCESS ? std::string(string) : simdjson::minify(value);
}

/// The data of an event with one `data:` line.
inline std::string_view data_of(std::string_view event) {
  const std::size_t begin = event.find("data: ");
  if (begin == std::string_view::npos || !event.ends_with("\n\n")) { return "no event"; }
  event.remove_suffix(2);
  return event.substr(begin + 6);
}

}  // namespace butter::provider::test
