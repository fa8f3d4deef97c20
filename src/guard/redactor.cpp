#include "guard/redactor.h"

#include <algorithm>
#include <iterator>

#include "guard/json_strings.h"
#include "guard/logprobs.h"
#include "guard/opaque.h"
#include "json/text.h"

namespace butter::guard {

namespace {

/// Whether a string under this key may be changed.
bool may_change(std::string_view key, std::string_view raw, Body whose) {
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

/// As it is written inside a JSON string.
std::string escaped(std::string_view text) {
  std::string out;
  json::append_string(out, text);
  return out.substr(1, out.size() - 2);
}

}  // namespace

void note_changes(std::span<const Replacement> changes, Decoded& decoded, std::string_view raw,
                  const char* text, Edits& edits) {
  const auto begin = static_cast<std::size_t>(raw.data() - text);
  for (const Replacement& change : changes) {
    const std::size_t first = begin + decoded.raw_offset(change.begin);
    edits.replace(first, begin + decoded.raw_offset(change.end), escaped(change.by));
  }
}

void Redactor::string(std::string_view key, std::string_view raw, const char* text, Body whose,
                      Edits& edits) const {
  if (!may_change(key, raw, whose)) { return; }
  Decoded decoded;
  decoded.assign(raw);
  if (sensitive_.next(decoded.text(), 0, Sensitive::Rest::none).label.empty()) { return; }
  Window window(key == "arguments" ? Content::json : Content::prose);
  note_changes(window.take(sensitive_, decoded.text(), Sensitive::Rest::none), decoded, raw, text,
               edits);
}

std::optional<std::string> Redactor::json(std::string_view body, Body whose) const {
  Edits edits;
  each_string(body, [&](std::string_view key, std::string_view raw) {
    string(key, raw, body.data(), whose, edits);
  });
  if (edits.empty()) { return std::nullopt; }
  if (whose == Body::answer) { drop_logprobs(body, body.data(), edits); }
  std::string out;
  edits.apply(body, out);
  return out;
}

void Redactor::text(std::string& text) const {
  Edits edits;
  for (const Replacement& change : Window().take(sensitive_, text, Sensitive::Rest::none)) {
    edits.replace(change.begin, change.end, change.by);
  }
  if (edits.empty()) { return; }
  std::string out;
  edits.apply(text, out);
  text = std::move(out);
}

}  // namespace butter::guard
