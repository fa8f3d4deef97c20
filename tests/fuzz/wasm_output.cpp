// What another parser takes for JSON the compactor takes, too, and writes as JSON that it would not
// change again; what a plugin's answer yields is JSON again, whatever its bytes are.

#include <simdjson.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/cuts.h"
#include "wasm/abi.h"
#include "wasm/go_json.h"

namespace {

using butter::fuzz::require;
using namespace butter::wasm;

void check_output(std::string_view text) {
  const auto output = read_output(text);
  if (!output) {
    require(output.error().detail.starts_with("unmarshal response: "));
    return;
  }
  require(!output->body || is_json(*output->body));
  for (const auto& [key, value] : output->metadata) { require(is_json(value)); }
  if (const auto& answer = output->short_circuit) {
    require(answer->status >= 200 && answer->status <= 599);
    require(answer->body.empty() || is_json(answer->body));
  }
  HookInput next{.metadata = &output->metadata};
  if (output->body) { next.body = *output->body; }
  InputWriter writer;
  const auto input = writer.write(next, {});
  require(input && is_json(*input));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<char> bytes(data, data + size);  // of just its size
  const std::string_view text(bytes.data(), bytes.size());
  static simdjson::dom::parser parser;

  std::string once;
  const bool good = append_compact(once, text);
  require(good == is_json(text));
  simdjson::dom::element element;
  if (size > 0 && parser.parse(bytes.data(), size).get(element) == simdjson::SUCCESS) {
    require(good);
    require(parser.parse(once).get(element) == simdjson::SUCCESS);
  }
  std::string twice;
  require(!good || (append_compact(twice, once) && twice == once));
  std::string as_string;
  append_go_string(as_string, text);
  require(is_json(as_string));
  check_output(text);
  return 0;
}
