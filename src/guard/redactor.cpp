#include "guard/redactor.h"

#include <algorithm>
#include <iterator>

#include "guard/json_strings.h"
#include "guard/opaque.h"

namespace butter::guard {

void Edits::replace(std::size_t begin, std::size_t end, std::string_view by) {
  edits_.push_back({begin, end, std::string(by)});
}

bool Redactor::may_change(std::string_view key, std::string_view raw, Body whose) noexcept {
  static constexpr std::string_view kReferences[] = {"id",
                                                     "call_id",
                                                     "tool_call_id",
                                                     "tool_use_id",
                                                     "item_id",
                                                     "response_id",
                                                     "file_id",
                                                     "previous_response_id",
                                                     "model",
                                                     "type",
                                                     "role",
                                                     "signature",
                                                     "thoughtSignature",
                                                     "thought_signature",
                                                     "encrypted_content"};
  if (std::ranges::find(kReferences, key) != std::end(kReferences)) { return false; }
  if (whose == Body::request && key == "thinking") { return false; }
  return !is_opaque(raw);
}

void Redactor::string(std::string_view raw, std::size_t begin, Decoded& decoded,
                      Edits& edits) const {
  decoded.assign(raw);
  const std::string_view text = decoded.text();
  for (std::size_t at = 0; at < text.size();) {
    const Sensitive::Place place = sensitive_.next(text, at, Sensitive::Rest::none);
    if (place.label.empty()) { return; }
    const std::size_t first = begin + decoded.raw_offset(place.begin);
    edits.replace(first, begin + decoded.raw_offset(place.end), place.label);
    at = place.end;
  }
}

std::optional<std::string> Redactor::json(std::string_view body, Body whose) const {
  Edits edits;
  Decoded decoded;
  each_string(body, [&](std::string_view key, std::string_view raw) {
    if (!may_change(key, raw, whose)) { return; }
    string(raw, static_cast<std::size_t>(raw.data() - body.data()), decoded, edits);
  });
  if (edits.empty()) { return std::nullopt; }
  std::string out;
  edits.apply(body, out);
  return out;
}

void Redactor::text(std::string& text) const {
  Edits edits;
  Decoded decoded;
  for (std::size_t at = 0; at < text.size();) {
    const Sensitive::Place place = sensitive_.next(text, at, Sensitive::Rest::none);
    if (place.label.empty()) { break; }
    edits.replace(place.begin, place.end, place.label);
    at = place.end;
  }
  if (edits.empty()) { return; }
  std::string out;
  edits.apply(text, out);
  text = std::move(out);
}

}  // namespace butter::guard
