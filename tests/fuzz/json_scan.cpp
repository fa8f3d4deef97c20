// Whatever the scanner accepts, its offsets point at what they claim; and what another parser takes
// for a whole JSON object, the scanner may refuse only for the reasons that it names.

#include <simdjson.h>

#include <cstdint>
#include <string_view>
#include <vector>

#include "fuzz/cuts.h"
#include "json/scan.h"

namespace {

using butter::fuzz::require;
using butter::json::Member;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void check_member(std::string_view body, const Member& member) {
  if (!member) { return; }
  require(member.key_begin < member.value_begin && member.value_begin < member.value_end);
  require(member.value_end <= body.size());
  require(body[member.key_begin] == '"');
  require(!is_space(body[member.value_begin]));
  require(!is_space(body[member.value_end - 1]));
}

/// The value, read as a text of its own, is what the other parser takes it for.
void check_name(simdjson::dom::parser& parser, std::string_view body, const Member& member,
                std::string_view name) {
  if (name.empty()) { return; }
  const std::string_view raw =
      body.substr(member.value_begin, member.value_end - member.value_begin);
  std::string_view read;
  if (parser.parse(raw.data(), raw.size()).get(read) == simdjson::SUCCESS) {
    require(read == name);
  } else {
    require(raw.contains("\\u"));  // half a surrogate pair, which the other parser refuses
  }
}

bool refused_for_a_named_reason(std::string_view why) {
  return why.contains("duplicate field") || why.contains("cannot unmarshal") ||
         why.contains("is longer than");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // In memory of just its size: the sanitizer sees a read behind it.
  const std::vector<char> bytes(data, data + size);
  const std::string_view body(bytes.data(), bytes.size());
  static butter::json::RequestScanner scanner;  // kept, as a worker keeps it
  static simdjson::dom::parser parser;

  const auto scan = scanner.scan(body);
  simdjson::dom::object object;
  const bool whole = size > 0 && parser.parse(bytes.data(), size).get(object) == simdjson::SUCCESS;
  if (!scan) {
    require(scan.error().detail.starts_with("invalid request body: "));
    require(!whole || refused_for_a_named_reason(scan.error().detail));
    return 0;
  }
  require(!whole || scan->empty_object == (object.size() == 0));
  require(scan->object_end == 0 || body[scan->object_end] == '}');
  for (const Member* member :
       {&scan->model, &scan->provider, &scan->stream, &scan->stream_options}) {
    check_member(body, *member);
  }
  check_name(parser, body, scan->model, scan->model_name);
  check_name(parser, body, scan->provider, scan->provider_name);
  return 0;
}
