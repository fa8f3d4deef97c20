// Whatever a body is, looking for phrases and redaction end; and of a text the same is found,
// escaped or not.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/cuts.h"
#include "guard/fold.h"
#include "guard/guard.h"
#include "json/skip.h"
#include "json/text.h"

namespace {

using namespace butter;
using butter::fuzz::require;
using guard::Body;
using guard::Guard;

std::shared_ptr<const Guard> make() {
  return Guard::make({.phrases = {"открой сезам"},
                      .patterns = {"a+b"},
                      .redaction = {.email = true, .card = true, .iban = true, .key = true}})
      .value();
}

std::string escaped(std::string_view text) {
  std::string out = "\"";
  constexpr char kHex[] = "0123456789abcdef";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) { return {}; }
    const char unit[] = {'\\', 'u', '0', '0', kHex[byte >> 4], kHex[byte & 0xf]};
    out.append(unit, sizeof unit);
  }
  return out + '"';
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::shared_ptr<const Guard> guard = make();
  // In memory of just its size: the sanitizer sees a read behind it.
  const std::vector<char> bytes(data, data + size);
  const std::string_view body(bytes.data(), bytes.size());
  (void)guard->scan(body);
  static const guard::Fold fold;
  Buffer plain_string;
  const char* const end = json::end_of_string(body.data(), body.data() + body.size());
  require(fold.append_string(body, plain_string) ==
          (end == nullptr ? 0 : static_cast<std::size_t>(end - body.data())));
  for (const Body whose : {Body::request, Body::answer}) {
    const auto redacted = guard->redact(body, whose);
    require(!redacted || *redacted != body);
  }

  std::string text(body);
  guard->redact_text(text);
  std::string string;
  if (const std::string all_escaped = escaped(body); !all_escaped.empty() && size < 256) {
    const std::string redacted = guard->redact(all_escaped, Body::answer).value_or(all_escaped);
    require(redacted.starts_with('"') && redacted.ends_with('"'));
    require(json::unescape(std::string_view(redacted).substr(1, redacted.size() - 2), string));
    require(string == text);
    // The same text, with escapes or without: the same is found.
    std::string plain;
    json::append_string(plain, body);
    require(guard->scan(plain).has_value() == guard->scan(all_escaped).has_value());
  }
  return 0;
}
